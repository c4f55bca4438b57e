package dev.remix.bench.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.remix.bench.work.Task.Gradient;
import dev.remix.bench.work.Task.Precision;
import dev.remix.bench.work.Task.Routing;
import dev.remix.bench.work.Workload.Item;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlopsTest {
    /** A = 2·8·4·(2+1) = 192, F = 3·8·16 = 384, V·D = 80. */
    private static final Shape TWO_LAYERS = new Shape(10, 8, 16, 2, 2, 1, 4, 64);

    private static final List<Item> FIVE_TOKENS_TWO_LEARNT = List.of(new Item(Collections.nCopies(5, 7), 3));

    @Test
    void aLoraOfOneExampleIsWhatPencilAndPaperGive() {
        double attention = 2 * 4 * 192;
        double feedForward = 2 * 4 * 384;
        double scores = 2 * 4 * 5 * 8;
        double head = 2 * 2 * 80;
        double adapters = 2 * 4 * 3 * 16 * (8 + 16);
        double forward = 2 * (attention + feedForward + scores + adapters) + head;
        // Nothing flows back through the first attention: no LoRA lies before it.
        double backward = attention + 2 * feedForward + 2 * scores + 2 * 2 * adapters + head;
        assertThat(flops(Task.lora(Precision.F32))).isEqualTo(forward + backward);
    }

    @Test
    void drawsShareWhatLiesBeforeTheFirstRouter() {
        double prefix = 2 * 4 * 192 + 2 * 4 * 5 * 8;
        double one = flops(Task.lora(Precision.F32));
        assertThat(flops(remix(4, Gradient.MEAN))).isCloseTo(4 * (one - prefix) + prefix, within(1e-6));
    }

    @Test
    void anotherDrawCostsOnlyAForwardWhenTheGradientIsOfOne() {
        double forward = flops(remix(3, Gradient.SINGLE)) - flops(remix(2, Gradient.SINGLE));
        double both = flops(remix(3, Gradient.MEAN)) - flops(remix(2, Gradient.MEAN));
        assertThat(forward).isPositive().isLessThan(both / 2);
    }

    @Test
    void precisionAndRoutingChangeNoCount() {
        Task token = Task.remix(Precision.BF16, 2, Routing.TOKEN, Gradient.MEAN);
        assertThat(flops(token)).isEqualTo(flops(remix(2, Gradient.MEAN)));
    }

    @Test
    void aTokenOfALargeModelCostsFourTimesItsParameters() {
        Shape large = new Shape(10, 768, 2048, 48, 12, 12, 64, 512);
        double parameters = 48.0 * (large.attentionParameters() + large.feedForwardParameters());
        double perPosition = new Flops(large, Task.lora(Precision.F32)).of(FIVE_TOKENS_TWO_LEARNT) / 4;
        assertThat(perPosition / (4 * parameters)).isCloseTo(1, within(0.06));
    }

    private static Task remix(int draws, Gradient gradient) {
        return Task.remix(Precision.F32, draws, Routing.SEQUENCE, gradient);
    }

    private static double flops(Task task) {
        return new Flops(TWO_LAYERS, task).of(FIVE_TOKENS_TWO_LEARNT);
    }
}
