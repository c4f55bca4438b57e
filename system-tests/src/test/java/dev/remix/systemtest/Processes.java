package dev.remix.systemtest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The processes that belong to a directory: those that name it in their command line, and their children. Whose child a
 * process is does not count, for a worker outlives a service that was killed.
 */
record Processes(Path directory) {

    List<ProcessHandle> all() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> commandLine(process).contains(directory.toString()))
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .distinct()
                .toList();
    }

    List<ProcessHandle> workers() {
        return running("dev.remix.agent.Agent");
    }

    List<ProcessHandle> postgres() {
        return running("/postgres");
    }

    private List<ProcessHandle> running(String program) {
        return all().stream()
                .filter(process -> commandLine(process).contains(program))
                .toList();
    }

    void kill() {
        all().forEach(ProcessHandle::destroyForcibly);
    }

    /** Empty for a process that is gone or a zombie. */
    static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .replace('\0', ' ');
        } catch (IOException gone) {
            return "";
        }
    }
}
