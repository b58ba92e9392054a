package io.floodlock.faults.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;

/**
 * The program under test: does what its standard input says, and answers. Fields of a line are separated by tabs.
 *
 * <pre>
 *   in   id  verb  argument...       calls that static method of the class named on the command line, on a thread of its own
 *   in   go  gate                    lets pass whoever waits, or will wait, at that gate
 *   out  id  =  result
 *   out  id  !  exception class  message  the classes and messages of its causes and of what it suppressed
 *   out  say  text                   what a body reports while it runs
 * </pre>
 *
 * Ends when its input ends.
 */
public final class Console {

    private static final ConcurrentMap<String, CountDownLatch> GATES = new ConcurrentHashMap<>();

    private Console() {}

    public static void main(String[] args) throws IOException {
        print("say", "ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split("\t", -1);
            if (words[0].equals("go")) {
                gate(words[1]).countDown();
            } else {
                new Thread(() -> answer(args[0], words), "call-" + words[0]).start();
            }
        }
    }

    /** Reports to the test. */
    static void say(String text) {
        print("say", text);
    }

    /** Waits until the test opens that gate; an interrupt is a failure of the body. */
    static void waitAt(String gate) {
        try {
            gate(gate).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at gate " + gate, e);
        }
    }

    /** Whether the test has opened that gate. */
    static boolean isOpen(String gate) {
        return gate(gate).getCount() == 0;
    }

    private static CountDownLatch gate(String name) {
        return GATES.computeIfAbsent(name, n -> new CountDownLatch(1));
    }

    private static void answer(String type, String[] words) {
        String id = words[0];
        try {
            Object[] arguments = Arrays.copyOfRange(words, 2, words.length);
            print(id, "=", String.valueOf(verb(type, words[1]).invoke(null, arguments)));
        } catch (InvocationTargetException e) {
            printThrown(id, e.getCause());
        } catch (Throwable e) {
            printThrown(id, e);
        }
    }

    private static Method verb(String type, String name) throws ReflectiveOperationException {
        for (Method method : Class.forName(type).getDeclaredMethods()) {
            if (method.getName().equals(name)) {
                method.setAccessible(true);
                return method;
            }
        }
        throw new NoSuchMethodException(type + "." + name);
    }

    private static void printThrown(String id, Throwable thrown) {
        StringBuilder more = new StringBuilder();
        for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
            more.append("caused by ").append(cause).append("; ");
        }
        for (Throwable suppressed : thrown.getSuppressed()) {
            more.append("suppressed ").append(suppressed).append("; ");
        }
        print(id, "!", thrown.getClass().getName(), String.valueOf(thrown.getMessage()), more.toString());
    }

    private static void print(String... words) {
        String line = String.join(
                "\t",
                Arrays.stream(words)
                        .map(word -> word.replace("\t", " ").replace("\r", "").replace("\n", " | "))
                        .toList());
        System.out.println(line);
    }
}
