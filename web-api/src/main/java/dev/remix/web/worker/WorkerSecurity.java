package dev.remix.web.worker;

import dev.remix.service.Refusal;
import dev.remix.service.queue.WorkerCredentials;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Lets nobody but workers into {@code /worker}; no API key opens it, and no worker's token opens anything else. */
@Configuration(proxyBeanMethods = false)
class WorkerSecurity {

    @Bean
    @Order(1)
    SecurityFilterChain workerSecurityFilterChain(
            HttpSecurity http,
            WorkerCredentials credentials,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        Refusal noToken = Refusal.of(
                Refusal.Kind.UNAUTHENTICATED,
                "invalid_worker_token",
                "No worker's token that is good for this was sent.");
        return http.securityMatcher("/worker/**")
                .csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .addFilterBefore(new WorkerTokenFilter(credentials), AuthorizationFilter.class)
                .exceptionHandling(handling -> handling.authenticationEntryPoint(
                        (request, response, missing) -> problems.resolveException(request, response, null, noToken)))
                .build();
    }
}
