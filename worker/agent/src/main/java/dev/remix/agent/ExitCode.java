package dev.remix.agent;

/** What the process tells whoever started it. */
enum ExitCode {
    /** The attempt was settled, whichever way it ended, or there was nothing to do. */
    DONE(0),
    FAILED(1),
    /** The attempt was taken away; another worker may have it by now. */
    LEASE_LOST(3);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
