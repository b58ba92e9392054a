package io.floodlock.processor;

import javax.annotation.processing.Messager;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.tools.Diagnostic;

/** Reports errors and warnings to the compiler, and remembers whether there were errors. Not thread-safe. */
final class Problems {

    /** A part of a check: it throws {@link IllegalArgumentException} with the message of the error. */
    interface Check {
        void run();
    }

    private final Messager messager;
    private boolean found;

    Problems(Messager messager) {
        this.messager = messager;
    }

    /** Whether an error was reported. */
    boolean found() {
        return found;
    }

    /** Reports an error at an attribute of a rule, or at its annotation if the attribute is left out. */
    void error(Element method, FloodlockRule rule, String attribute, String message) {
        found = true;
        print(Diagnostic.Kind.ERROR, message, method, rule.shown(), rule.position(attribute));
    }

    void error(Element method, FloodlockRule rule, String message) {
        error(method, rule, "", message);
    }

    /** Reports an error that no place in the sources shows. */
    void error(String message) {
        found = true;
        messager.printMessage(Diagnostic.Kind.ERROR, message);
    }

    void warning(Element method, FloodlockRule rule, String message) {
        print(Diagnostic.Kind.WARNING, message, method, rule.shown(), null);
    }

    /** Runs a check, and reports the message of its exception at that attribute. */
    void collect(Element method, FloodlockRule rule, String attribute, Check check) {
        try {
            check.run();
        } catch (IllegalArgumentException e) {
            error(method, rule, attribute, rule.title() + " " + e.getMessage());
        }
    }

    private void print(
            Diagnostic.Kind kind, String message, Element method, AnnotationMirror annotation, AnnotationValue value) {
        if (value == null) {
            messager.printMessage(kind, message, method, annotation);
        } else {
            messager.printMessage(kind, message, method, annotation, value);
        }
    }
}
