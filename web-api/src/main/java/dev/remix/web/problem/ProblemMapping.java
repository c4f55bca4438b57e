package dev.remix.web.problem;

import dev.remix.service.Problem;
import dev.remix.service.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.apache.catalina.connector.ClientAbortException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Turns whatever a controller, or the way to it, throws into a problem. */
@RestControllerAdvice
class ProblemMapping extends ResponseEntityExceptionHandler {
    private static final Logger log = LoggerFactory.getLogger(ProblemMapping.class);

    @ExceptionHandler
    ResponseEntity<Object> refused(Refusal refusal, HttpServletRequest request) {
        return answer(Problems.of(refusal, request), new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Object> failed(Exception failure, HttpServletRequest request) {
        log.error("{} {} failed", request.getMethod(), request.getRequestURI(), failure);
        return answer(Problems.of(HttpStatus.INTERNAL_SERVER_ERROR, null, request), new HttpHeaders());
    }

    /** Nobody is there to read an answer. */
    @ExceptionHandler(ClientAbortException.class)
    void clientWentAway() {
        log.debug("The client went away");
    }

    @Override
    protected ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException unreadable,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        if (unreadable.getMostSpecificCause() instanceof Refusal refusal) {
            return answer(Problems.of(refusal, servlet(request)), headers);
        }
        Problem problem = UnreadableJson.describe(unreadable);
        String param = problem.pointer().isEmpty()
                ? null
                : problem.pointer().substring(1).replace('/', '.');
        return answer(
                Problems.of(
                        status, problem.code(), problem.detail(), param, List.of(problem), Map.of(), servlet(request)),
                headers);
    }

    @Override
    protected ResponseEntity<Object> handleMissingServletRequestParameter(
            MissingServletRequestParameterException missing,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        String name = missing.getParameterName();
        return answer(
                Problems.of(Refusal.invalid(name, "missing", "'" + name + "' is missing."), servlet(request)), headers);
    }

    @Override
    protected ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException mismatch, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String name = mismatch instanceof MethodArgumentTypeMismatchException argument
                ? argument.getName()
                : String.valueOf(mismatch.getPropertyName());
        Refusal refusal =
                Refusal.invalid(name, "invalid_value", "'" + mismatch.getValue() + "' is no value for " + name + ".");
        return answer(Problems.of(refusal, servlet(request)), headers);
    }

    @Override
    protected ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException invalid, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ParameterValidationResult first =
                invalid.getParameterValidationResults().getFirst();
        String name = String.valueOf(first.getMethodParameter().getParameterName());
        String rule = first.getResolvableErrors().getFirst().getDefaultMessage();
        Refusal refusal = Refusal.invalid(name, "invalid_value", "'" + name + "' " + rule + ".");
        return answer(Problems.of(refusal, servlet(request)), headers);
    }

    @Override
    protected ResponseEntity<Object> handleNoResourceFoundException(
            NoResourceFoundException missing, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return answer(
                Problems.of(status, "There is no such path; /docs lists those that there are.", servlet(request)),
                headers);
    }

    /** What is left of Spring's own: it has a status, and a detail that is made for clients. */
    @Override
    protected ResponseEntity<Object> handleExceptionInternal(
            Exception exception,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        if (status.is5xxServerError()) {
            log.error("{} failed", request.getDescription(false), exception);
        }
        String detail =
                exception instanceof ErrorResponse response ? response.getBody().getDetail() : null;
        return answer(Problems.of(status, detail, servlet(request)), headers);
    }

    private static HttpServletRequest servlet(WebRequest request) {
        return ((ServletWebRequest) request).getRequest();
    }

    /** The type is set here, so that it does not depend on what the client accepts. */
    private static ResponseEntity<Object> answer(ProblemBody body, HttpHeaders headers) {
        HttpHeaders all = HttpHeaders.copyOf(headers);
        all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return new ResponseEntity<>(body, all, body.status());
    }
}
