package dev.remix.engine.generate;

/** Hears of answers while they are made; called on the thread that generates. */
public interface GenerationListener {
    /** Nobody listens, and nothing is cancelled. */
    GenerationListener NONE = new GenerationListener() {
        @Override
        public void onText(int prompt, String piece) {}

        @Override
        public boolean isCancelled() {
            return false;
        }
    };

    /**
     * The next whole characters of an answer, as soon as no further token can change them or make them part of a stop string.
     *
     * @param prompt its place in the call
     */
    void onText(int prompt, String piece);

    /** Asked before every token; every answer that has not ended by then ends as it is. */
    boolean isCancelled();
}
