package com.example.clinic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The application itself, by HTTP, on a real PostgreSQL: one caller at a time, it does what it should. */
class ClinicTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static EmbeddedPostgres postgres;
    private static ConfigurableApplicationContext clinic;
    private static int port;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.start();
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        clinic = SpringApplication.run(
                ClinicApplication.class,
                "--server.port=" + port,
                "--spring.sql.init.mode=always",
                "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"));
    }

    @AfterAll
    static void stop() throws IOException {
        clinic.close();
        postgres.close();
    }

    @Test
    void findsOwnersWithTheirPets() throws Exception {
        register("Mira Voss", "Pixel");
        assertEquals(
                "[{'id':N,'name':'Mira Voss','telephone':'555','pets':[{'id':N,'name':'Pixel','species':'cat'}]}]",
                get("/owners?name=mira").replaceAll("\"id\":\\d+", "\"id\":N").replace('"', '\''));
        assertEquals("[]", get("/owners?name=nobody"));
    }

    @Test
    void givesAVetsTimeOnce() throws Exception {
        long pet = register("Tove Ray", "Biscuit");
        assertEquals(201, book(1, pet, "2030-01-07T09:00", 30));
        assertEquals(409, book(1, pet, "2030-01-07T09:00", 30), "the same slot");
        assertEquals(409, book(1, pet, "2030-01-07T09:20", 60), "one that overlaps");
        assertEquals(409, book(1, pet, "2030-01-07T08:30", 90), "one around it");
        assertEquals(201, book(1, pet, "2030-01-07T09:30", 30), "the next");
        assertEquals(201, book(2, pet, "2030-01-07T09:00", 30), "another vet");
        assertEquals(2, get("/visits?vet=1&day=2030-01-07").split("Biscuit", -1).length - 1, "visits of the first vet");
    }

    @Test
    void refusesWhatMakesNoSense() throws Exception {
        long pet = register("Ola Finn", "Moss");
        assertEquals(404, book(99, pet, "2030-01-08T09:00", 30), "no such vet");
        assertEquals(404, book(1, 9_999, "2030-01-08T09:00", 30), "no such pet");
        assertEquals(400, book(1, pet, "2030-01-08T09:00", 0), "no time at all");
    }

    /** The new pet's id. */
    private static long register(String owner, String pet) throws Exception {
        String body = post(
                        "/owners",
                        "{\"name\":\"%s\",\"telephone\":\"555\",\"pets\":[{\"name\":\"%s\",\"species\":\"cat\"}]}"
                                .formatted(owner, pet))
                .body();
        return Long.parseLong(body.replaceFirst(".*\"pets\":\\[\\{\"id\":(\\d+).*", "$1"));
    }

    private static int book(long vet, long pet, String start, int minutes) throws Exception {
        return post(
                        "/visits",
                        "{\"vetId\":%d,\"petId\":%d,\"startsAt\":\"%s\",\"minutes\":%d,\"reason\":\"cough\"}"
                                .formatted(vet, pet, start, minutes))
                .statusCode();
    }

    private static HttpResponse<String> post(String path, String json) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String get(String path) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString())
                .body();
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
