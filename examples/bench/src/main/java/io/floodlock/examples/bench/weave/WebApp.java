package io.floodlock.examples.bench.weave;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A Spring Boot web application without methods to weave. It ends as soon as it serves requests. */
@SpringBootApplication
@RestController
public class WebApp {

    public static void main(String[] args) {
        System.setProperty("server.port", "0");
        SpringApplication.run(WebApp.class, args).close();
    }

    @GetMapping("/")
    String hello() {
        return "hello";
    }
}
