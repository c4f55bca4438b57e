package dev.remix.bench.contest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How contestants are started.
 *
 * @param peers directory of the programs in Python
 * @param python the interpreter for them
 * @param threads of every contestant
 * @param flags of ours for the JVM, beside those that a worker gets
 */
public record Launch(Path peers, String python, int threads, List<String> flags) {
    public Launch {
        flags = List.copyOf(flags);
    }

    /** A program of this class path on the engine's libraries, with the flags that a worker gets. */
    public List<String> java(String mainClass, Path argument) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.offline=true",
                "-Dai.djl.pytorch.num_threads=" + threads));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass, argument.toString()));
        return command;
    }

    List<String> peer(Side side, Path argument) {
        return List.of(python, peers.resolve(side.script()).toString(), argument.toString());
    }
}
