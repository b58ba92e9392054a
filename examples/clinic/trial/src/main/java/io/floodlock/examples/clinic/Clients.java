package io.floodlock.examples.clinic;

import io.floodlock.examples.clinic.Answers.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The clients that call the clinic by HTTP, through any of its JVMs. */
final class Clients {

    private static final int AT_ONCE = 32;
    private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<URI> jvms;

    Clients(List<URI> jvms) {
        this.jvms = jvms;
    }

    /** The ids of all vets. */
    List<Long> vets() throws IOException, InterruptedException {
        String body = http.send(
                        HttpRequest.newBuilder(jvms.get(0).resolve("/vets")).build(), BodyHandlers.ofString())
                .body();
        List<Long> ids = new ArrayList<>();
        for (Matcher id = ID.matcher(body); id.find(); ) {
            ids.add(Long.parseLong(id.group(1)));
        }
        return ids;
    }

    /** Registers an owner with pet 1; all wishes are for this pet. */
    void register() throws IOException, InterruptedException {
        post(jvms.get(0).resolve("/owners"), """
                {"name":"Iris Vale","telephone":"555","pets":[{"name":"Pebble","species":"tortoise"}]}""");
    }

    /** Requests all wishes in their order, many at the same time, and through all JVMs in turn. */
    Answers ask(List<Wish> wishes, IntConsumer progress) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<Answer>> asked = new ArrayList<>();
            for (Wish wish : wishes) {
                URI jvm = jvms.get(asked.size() % jvms.size());
                asked.add(threads.submit(() -> ask(jvm, wish)));
            }
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> one : asked) {
                answers.add(one.get());
                progress.accept(answers.size());
            }
            return new Answers(answers);
        } finally {
            threads.shutdownNow();
        }
    }

    private Answer ask(URI jvm, Wish wish) throws InterruptedException {
        String form = "{\"vetId\":%d,\"petId\":1,\"startsAt\":\"%s\",\"minutes\":%d,\"reason\":\"%d\"}";
        String json = form.formatted(wish.vet(), wish.start(), Wish.MINUTES, wish.number());
        long begin = System.nanoTime();
        int status = 0;
        String text;
        try {
            HttpResponse<String> response = post(jvm.resolve("/visits"), json);
            status = response.statusCode();
            text = response.body();
        } catch (IOException e) {
            text = e.toString();
        }
        return new Answer(wish, status, text, (System.nanoTime() - begin) / 1_000);
    }

    private HttpResponse<String> post(URI uri, String json) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }
}
