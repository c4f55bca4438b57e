package dev.remix.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.engine.EngineException.Kind;
import org.junit.jupiter.api.Test;

class EngineExceptionTest {
    @Test
    void saysOneLineWhateverItQuotes() {
        assertThat(new EngineException(Kind.STORAGE, "a\r\nb\u0000\u0085ü€")).hasMessage("a??b??ü€");
        assertThat(new EngineException(Kind.STORAGE, "x".repeat(5_000)).getMessage())
                .hasSize(901)
                .endsWith("x…");
    }
}
