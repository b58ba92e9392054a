/** A pet clinic as many are: Spring Boot, JPA, PostgreSQL. {@link com.example.clinic.VisitService} has a race in it. */
package com.example.clinic;
