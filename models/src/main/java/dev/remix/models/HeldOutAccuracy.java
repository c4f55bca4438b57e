package dev.remix.models;

import dev.remix.datasets.Skill;
import dev.remix.datasets.Skills;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.generate.ExactMatch;
import dev.remix.engine.generate.Generator;
import dev.remix.engine.text.Chat;
import dev.remix.engine.text.ChatFile;
import dev.remix.engine.text.ChatTokenizer;
import dev.remix.engine.weights.NumberFormat;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Exact match of an adapter on each held-out skill, told apart by the file's lines, which go round the skills. */
final class HeldOutAccuracy {
    private static final int LONGEST_ANSWER = 24;

    private HeldOutAccuracy() {}

    static Map<String, Double> of(Path model, Path adapterDirectory, Path test) {
        try (Compute compute = Compute.choose();
                ChatTokenizer tokenizer = ChatTokenizer.open(model);
                Decoder decoder = Decoder.load(compute, model, NumberFormat.F32);
                Adapter adapter = Adapter.load(compute, decoder, adapterDirectory);
                Generator greedy = Generator.of(compute, decoder, adapter)) {
            List<Skill> skills = Skills.heldOut();
            List<Chat> chats = ChatFile.chats(test);
            Map<String, Double> shares = new LinkedHashMap<>();
            for (int skill = 0; skill < skills.size(); skill++) {
                List<Chat> ofSkill = every(chats, skill, skills.size());
                ExactMatch match = ExactMatch.of(greedy, tokenizer, ofSkill, LONGEST_ANSWER);
                shares.put(skills.get(skill).name(), match.share());
            }
            return shares;
        }
    }

    private static List<Chat> every(List<Chat> chats, int first, int step) {
        return IntStream.iterate(first, i -> i < chats.size(), i -> i + step)
                .mapToObj(chats::get)
                .toList();
    }
}
