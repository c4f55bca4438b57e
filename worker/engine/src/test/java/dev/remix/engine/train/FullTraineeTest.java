package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.remix.engine.device.Compute;
import dev.remix.engine.text.Batch;
import dev.remix.engine.text.Example;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FullTraineeTest {
    private final Compute compute = Compute.cpu();
    private final FullTrainee trainee =
            new FullTrainee(compute, TinyModel.float32(compute), TinyModel.options(1, 16, 1e-2));

    @AfterEach
    void free() {
        trainee.close();
        compute.close();
    }

    @Test
    void learns() {
        Batches batches = new ShuffledBatches(TinyModel.examples(256, 1), 16, 3);
        List<Double> losses = new ArrayList<>();
        for (int step = 1; step <= 200; step++) {
            losses.add(
                    trainee.step(new StepInputs(batches.at(step), step, 1e-2)).loss());
        }
        assertThat(losses.getFirst()).isCloseTo(Math.log(264), within(0.5));
        assertThat(losses.getLast()).isLessThan(losses.getFirst() / 4);
    }

    @Test
    void paddingChangesNoLoss() {
        List<Example> examples = TinyModel.examples(8, 5);
        double[] together = trainee.losses(new Batch(examples));
        for (int i = 0; i < examples.size(); i++) {
            double[] alone = trainee.losses(new Batch(List.of(examples.get(i))));
            assertThat(alone[0]).isCloseTo(together[i], within(1e-5));
        }
    }
}
