package dev.remix.web.worker;

import dev.remix.service.job.AttemptId;
import dev.remix.service.queue.WorkerCredentials;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Takes a worker for who it says it is if its token is good for the path it asks for. */
final class WorkerTokenFilter extends OncePerRequestFilter {
    private static final String BEARER = "Bearer ";
    private static final String CLAIMS = "/worker/v1/claims";
    private static final Pattern ATTEMPT = Pattern.compile("/worker/v1/jobs/([^/]+)/attempts/([0-9]{1,9})/.*");

    private final WorkerCredentials credentials;

    WorkerTokenFilter(WorkerCredentials credentials) {
        this.credentials = credentials;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        token(request)
                .flatMap(token -> name(request.getRequestURI(), token))
                .ifPresent(WorkerTokenFilter::authenticate);
        chain.doFilter(request, response);
    }

    private static Optional<String> token(HttpServletRequest request) {
        return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
                .filter(header -> header.startsWith(BEARER))
                .map(header -> header.substring(BEARER.length()).strip());
    }

    private Optional<String> name(String path, String token) {
        if (path.equals(CLAIMS)) {
            return credentials.mayClaim(token) ? Optional.of("worker") : Optional.empty();
        }
        Matcher attempt = ATTEMPT.matcher(path);
        if (!attempt.matches()) {
            return Optional.empty();
        }
        AttemptId id = new AttemptId(attempt.group(1), Integer.parseInt(attempt.group(2)));
        return credentials.mayActFor(id, token) ? Optional.of(id.jobId() + "/" + id.number()) : Optional.empty();
    }

    private static void authenticate(String name) {
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(name, null, List.of()));
        SecurityContextHolder.setContext(context);
    }
}
