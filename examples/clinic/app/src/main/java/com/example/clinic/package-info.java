/**
 * A typical pet clinic with Spring Boot, JPA and PostgreSQL. It does not use Floodlock.
 * {@link com.example.clinic.VisitService} has a race.
 */
package com.example.clinic;
