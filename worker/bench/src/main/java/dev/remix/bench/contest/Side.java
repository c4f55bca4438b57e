package dev.remix.bench.contest;

import dev.remix.bench.work.Task;
import dev.remix.bench.work.Task.Gradient;
import dev.remix.bench.work.Task.Precision;
import java.util.List;

/** Who does a task: the engine, or a program in Python in one of the ways that its users have. */
public enum Side {
    ENGINE("", "grouped", ""),
    PEFT_DEFAULT("lora.py", "random", "default"),
    PEFT_AUTOCAST("lora.py", "grouped", "autocast"),
    PEFT_BF16("lora.py", "grouped", "bf16"),
    PYTORCH_F32("mixture.py", "grouped", "f32"),
    PYTORCH_BF16("mixture.py", "grouped", "bf16");

    private final String script;
    private final String order;
    private final String mode;

    Side(String script, String order, String mode) {
        this.script = script;
        this.order = order;
        this.mode = mode;
    }

    /** Those who do the same work in Python. */
    static List<Side> peers(Task task) {
        boolean f32 = task.precision() == Precision.F32;
        return switch (task.kind()) {
            case LORA, RSLORA, DORA -> f32 ? List.of(PEFT_DEFAULT) : List.of(PEFT_DEFAULT, PEFT_AUTOCAST, PEFT_BF16);
            case REMIX -> task.gradient() == Gradient.SINGLE ? List.of() : List.of(f32 ? PYTORCH_F32 : PYTORCH_BF16);
            case MIXLORA, HYDRALORA, SOFTMIX, FULL -> List.of();
        };
    }

    /** The program's file. */
    String script() {
        return script;
    }

    /** How the workload is batched. */
    String order() {
        return order;
    }

    String mode() {
        return mode;
    }

    /** {@code peft-default}. */
    public String title() {
        return Task.lower(this).replace('_', '-');
    }
}
