package dev.remix.web.access;

import dev.remix.service.access.ApiKeys;
import dev.remix.web.problem.ProblemWriter;
import jakarta.servlet.DispatcherType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;

/**
 * Every path needs a key but for the documentation and what a monitor reads. The chain of {@code /worker/v1/**}, with tokens
 * of its own, comes before this one.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
    private static final String[] OPEN = {
        "/docs",
        "/openapi",
        "/openapi.yaml",
        "/openapi/**",
        "/swagger-ui/**",
        "/actuator/health/**",
        "/actuator/prometheus",
    };

    @Bean
    @Order(100)
    SecurityFilterChain api(HttpSecurity http, ApiKeys keys, ProblemWriter problems) throws Exception {
        // A bearer key is never sent by a browser on its own, so there is nothing to forge and no session to keep.
        return http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .addFilterBefore(new BearerKeyFilter(keys), AnonymousAuthenticationFilter.class)
                .authorizeHttpRequests(
                        requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                                .permitAll()
                                .requestMatchers(OPEN)
                                .permitAll()
                                .anyRequest()
                                .authenticated())
                .exceptionHandling(exceptions -> exceptions
                        .authenticationEntryPoint(entryPoint(problems))
                        .accessDeniedHandler((request, response, denied) -> problems.write(
                                request, response, HttpStatus.FORBIDDEN, "The key does not allow this.")))
                .build();
    }

    private static AuthenticationEntryPoint entryPoint(ProblemWriter problems) {
        return (request, response, failure) -> {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"remix\"");
            problems.write(
                    request,
                    response,
                    HttpStatus.UNAUTHORIZED,
                    request.getHeader(HttpHeaders.AUTHORIZATION) == null
                            ? "No API key was sent: the header is Authorization: Bearer rmx_…"
                            : "The API key is not valid.");
        };
    }
}
