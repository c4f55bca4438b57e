package dev.remix.cli;

/** The service refused a call; the message is the service's own sentence with the status before it. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ApiException(String message) {
        super(message);
    }
}
