package dev.remix.service.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A worker's process that does not train. Its first argument says how it behaves, the rest is what a launcher tells any
 * worker; it puts a file with its child's process number in the work directory as soon as it is up.
 */
final class FakeWorker {
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    enum Behaviour {
        /** Runs until it is told to end. */
        OBEDIENT,
        /** Is told to end, and does not. */
        STUBBORN,
        /** Fails before it claims. */
        BROKEN
    }

    private FakeWorker() {}

    public static void main(String[] arguments) throws Exception {
        List<String> told = List.of(arguments);
        switch (Behaviour.valueOf(told.getFirst())) {
            case BROKEN -> {
                System.err.println("no such thing as a GPU");
                System.exit(1);
            }
            case STUBBORN -> Runtime.getRuntime().addShutdownHook(new Thread(FakeWorker::waitForEver));
            case OBEDIENT -> {}
        }
        report(option(told, "--name"), Path.of(option(told, "--work")));
        waitForEver();
    }

    private static void report(String name, Path work) throws IOException {
        Process child = new ProcessBuilder("sleep", "600").inheritIO().start();
        Path unfinished = Files.createDirectories(work).resolve(name + ".new");
        Files.writeString(unfinished, Long.toString(child.pid()));
        Files.move(unfinished, work.resolve(name));
        System.out.println("worker " + name + " is up, token " + System.getenv("REMIX_WORKER_TOKEN"));
    }

    private static String option(List<String> told, String name) {
        return told.get(told.indexOf(name) + 1);
    }

    private static void waitForEver() {
        try {
            NEVER.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
