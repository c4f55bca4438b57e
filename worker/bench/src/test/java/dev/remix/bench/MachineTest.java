package dev.remix.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTest {
    @Test
    void bfloat16IsAFlagOfItsOwn() {
        assertThat(of("avx512_bf16 fma").bfloat16()).isTrue();
        assertThat(of("fma amx_bf16").bfloat16()).isTrue();
        assertThat(of("avx512f avx512_bf16_of_tomorrow").bfloat16()).isFalse();
    }

    @Test
    void theProcessorIsNamed() {
        assertThat(of("fma").processor()).isEqualTo("Some CPU @ 2 GHz");
    }

    private static Machine of(String flags) {
        return Machine.of(List.of("model name\t: Some CPU @ 2 GHz", "flags\t\t: " + flags, "flags\t\t: "), 2);
    }
}
