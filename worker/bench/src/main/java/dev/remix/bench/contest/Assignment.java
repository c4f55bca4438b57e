package dev.remix.bench.contest;

import dev.remix.bench.work.Task;
import java.nio.file.Path;
import java.util.List;

/**
 * What a contestant is given to do, as it reads it from a file of its own.
 *
 * @param model a Hugging Face directory
 * @param workload a {@link dev.remix.bench.work.Workload}
 * @param order which of the workload's orders to batch in
 * @param mode of a peer: how it goes about it
 * @param targets projections that carry LoRAs
 */
public record Assignment(
        String model,
        String workload,
        String order,
        String mode,
        Task task,
        String kind,
        int rank,
        int loras,
        int active,
        int draws,
        String routing,
        double alpha,
        List<String> targets,
        double learningRate,
        int threads,
        long seed) {
    public Assignment {
        targets = List.copyOf(targets);
    }

    public static Assignment of(Entrant entrant, Path model, Path workload, int threads, long seed) {
        Task task = entrant.task();
        return new Assignment(
                model.toString(),
                workload.toString(),
                entrant.side().order(),
                entrant.side().mode(),
                task,
                Task.lower(task.kind()),
                task.rank(),
                Task.LORAS,
                Task.ACTIVE,
                task.draws(),
                Task.lower(task.routing()),
                Task.ALPHA,
                List.of("gate_proj", "up_proj", "down_proj"),
                // So small that the first block's loss is the base model's, whatever is trained and in which order.
                1e-6,
                threads,
                seed);
    }

    public static Assignment read(Path file) {
        return Wire.JSON.readValue(file, Assignment.class);
    }

    public void write(Path file) {
        Wire.JSON.writeValue(file, this);
    }
}
