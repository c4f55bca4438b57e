package dev.remix.bench.contest;

import dev.remix.bench.work.Task;
import java.util.List;

/** A side with its task. */
public record Entrant(Side side, Task task) {
    public static Entrant engine(Task task) {
        return new Entrant(Side.ENGINE, task);
    }

    /** Those who do this task in Python. */
    public List<Entrant> peers() {
        return Side.peers(task).stream().map(side -> new Entrant(side, task)).toList();
    }

    /** Two entrants of one name do the very same: a peer's precision is its mode, not its task's. */
    public String name() {
        if (side == Side.ENGINE) {
            return task.name();
        }
        return switch (task.kind()) {
            case LORA -> side.title();
            case REMIX -> side.title() + "-m" + task.draws() + "-" + Task.lower(task.routing());
            case RSLORA, DORA, MIXLORA, HYDRALORA, SOFTMIX, FULL -> side.title() + "-" + Task.lower(task.kind());
        };
    }
}
