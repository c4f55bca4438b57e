/** The Spring Boot application: controllers per feature, problem mapping, security, OpenAPI, actuator. */
@NullMarked
package dev.remix.web;

import org.jspecify.annotations.NullMarked;
