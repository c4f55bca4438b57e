package dev.remix.engine.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The text of one script and of all that it calls, found on the class path under {@code /torchscript}.
 *
 * <p>{@code NAME.py} holds functions, which every other file calls as {@code __torch__.NAME.function(…)}; naming it is what
 * brings it in. The entry alone holds the class {@code M(Module)}, whose methods Java calls.
 */
record ScriptSource(String entry, Map<String, String> textByName) {
    private static final Pattern REFERENCE = Pattern.compile("__torch__\\.([a-z]\\w*)\\.");

    ScriptSource {
        textByName = Map.copyOf(textByName);
    }

    static ScriptSource read(String entry) {
        Map<String, String> texts = new LinkedHashMap<>();
        Deque<String> unread = new ArrayDeque<>();
        unread.add(entry);
        while (!unread.isEmpty()) {
            String name = unread.remove();
            if (!texts.containsKey(name)) {
                String text = resource(name);
                texts.put(name, text);
                REFERENCE.matcher(text).results().forEach(match -> unread.add(match.group(1)));
            }
        }
        return new ScriptSource(entry, texts);
    }

    private static String resource(String name) {
        String path = "/torchscript/" + name + ".py";
        try (InputStream in = ScriptSource.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException("There is no script " + path + " on the class path.");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
