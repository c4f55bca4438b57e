package dev.remix.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.datasets.Skills;
import dev.remix.engine.text.Batch;
import dev.remix.engine.text.ChatTokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CorpusBatchesTest {
    private final ChatTokenizer tokenizer = ChatTokenizer.open(Path.of("remix-tiny"));

    @AfterEach
    void close() {
        tokenizer.close();
    }

    @Test
    void aBatchIsAFunctionOfSeedAndStep() {
        CorpusBatches inOrder = corpus(1);
        IntStream.rangeClosed(1, 9).forEach(inOrder::at);
        assertThat(inOrder.at(10).tokens()).isEqualTo(corpus(1).at(10).tokens());
        assertThat(inOrder.at(10).tokens()).isNotEqualTo(corpus(2).at(10).tokens());
    }

    @Test
    void noExerciseIsMadeTwice() {
        CorpusBatches corpus = corpus(1);
        List<String> texts = IntStream.rangeClosed(1, 24)
                .mapToObj(corpus::at)
                .map(Batch::examples)
                .flatMap(List::stream)
                .map(example -> Arrays.toString(example.tokens()))
                .toList();
        // By chance a small question comes again; a repeated window would double a third of them.
        assertThat(texts).hasSize(24 * 16);
        assertThat(texts.stream().distinct().count()).isGreaterThan(24 * 16 * 95 / 100);
    }

    @Test
    void batchesAreFullAndOfSimilarLengths() {
        CorpusBatches corpus = corpus(1);
        List<Batch> batches = IntStream.rangeClosed(1, 16).mapToObj(corpus::at).toList();
        assertThat(batches).allSatisfy(batch -> assertThat(batch.size()).isEqualTo(16));
        int real = batches.stream().mapToInt(Batch::tokenCount).sum();
        int longest = batches.stream()
                .mapToInt(batch -> batch.size() * batch.examples().getLast().length())
                .sum();
        assertThat(real).isGreaterThan(longest * 85 / 100);
    }

    private CorpusBatches corpus(long seed) {
        return new CorpusBatches(Skills.base(), tokenizer, 16, 100, seed);
    }
}
