package dev.remix.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The machine that figures are of.
 *
 * @param bfloat16 whether its instructions multiply bfloat16
 */
record Machine(String processor, int cores, boolean bfloat16) {

    static Machine here() {
        try {
            return of(
                    Files.readAllLines(Path.of("/proc/cpuinfo")),
                    Runtime.getRuntime().availableProcessors());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Machine of(List<String> cpuinfo, int cores) {
        String flags = " " + member(cpuinfo, "flags") + " ";
        return new Machine(
                member(cpuinfo, "model name"), cores, flags.contains(" avx512_bf16 ") || flags.contains(" amx_bf16 "));
    }

    private static String member(List<String> cpuinfo, String name) {
        return cpuinfo.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }
}
