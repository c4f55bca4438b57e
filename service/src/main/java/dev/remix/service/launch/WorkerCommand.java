package dev.remix.service.launch;

import dev.remix.protocol.WorkerEnvironment;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * How a worker is started.
 *
 * @param program the program and its first arguments
 * @param service where it finds the service, asked for when it is needed: the port may not be known earlier
 * @param models the base models
 * @param work for files of an attempt
 */
record WorkerCommand(List<String> program, Supplier<URI> service, Path models, Path work, String token) {
    WorkerCommand {
        program = List.copyOf(program);
    }

    /** A worker that claims one job under the given name, and ends after it or when there is none. */
    ProcessBuilder once(String name) {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of("run", "--once", "--name", name));
        command.addAll(List.of("--url", service.get().toString()));
        command.addAll(List.of("--models", models.toString(), "--work", work.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put(WorkerEnvironment.TOKEN, token);
        // OpenMP threads that spin while they wait take the processor from whoever has work.
        builder.environment().putIfAbsent("OMP_WAIT_POLICY", "passive");
        // A short spin, bounded to well below a millisecond: two threads then meet again without the kernel
        // (docs/log.md).
        builder.environment().putIfAbsent("GOMP_SPINCOUNT", "30000");
        return builder;
    }
}
