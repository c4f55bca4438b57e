package dev.remix.agent.api;

/** Why a call to the service gave nothing to work with, told apart by what the worker does next. */
public abstract sealed class ApiException extends Exception {
    private static final long serialVersionUID = 1L;

    private ApiException(String message) {
        super(message);
    }

    private ApiException(String message, Throwable cause) {
        super(message, cause);
    }

    /** No answer, or one that says "later": the same call may succeed in a moment. */
    public static final class Away extends ApiException {
        private static final long serialVersionUID = 1L;

        public Away(String message) {
            super(message);
        }

        public Away(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The attempt belongs to this worker no more: stop at once and write nothing. */
    public static final class LeaseLost extends ApiException {
        private static final long serialVersionUID = 1L;

        public LeaseLost(String message) {
            super(message);
        }
    }

    /** The service understood the call and said no; repeating it changes nothing. */
    public static final class Refused extends ApiException {
        private static final long serialVersionUID = 1L;
        private final int status;
        private final String code;

        public Refused(int status, String code, String message) {
            super(message);
            this.status = status;
            this.code = code;
        }

        public int status() {
            return status;
        }

        public String code() {
            return code;
        }
    }

    /** Records are missing on the service's side: it expects {@code nextSeq}. */
    public static final class SequenceGap extends ApiException {
        private static final long serialVersionUID = 1L;
        private final long nextSeq;

        public SequenceGap(String message, long nextSeq) {
            super(message);
            this.nextSeq = nextSeq;
        }

        public long nextSeq() {
            return nextSeq;
        }
    }

    /** What arrived is not what the service announced. */
    public static final class Corrupt extends ApiException {
        private static final long serialVersionUID = 1L;

        public Corrupt(String message) {
            super(message);
        }
    }
}
