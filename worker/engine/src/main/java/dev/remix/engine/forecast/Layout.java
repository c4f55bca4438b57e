package dev.remix.engine.forecast;

import dev.remix.engine.text.Batch;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a batch, or a part of one, memory and operations go by.
 *
 * @param rows S, positions that are learnt
 * @param groups examples of one length
 */
public record Layout(List<Group> groups, int rows) {
    /** @param length positions of each */
    public record Group(int count, int length) {
        long positions() {
            return (long) count * length;
        }
    }

    public Layout {
        groups = List.copyOf(groups);
    }

    public static Layout of(Batch batch) {
        long[] pairs = batch.groups();
        List<Group> groups = new ArrayList<>();
        for (int g = 0; g < pairs.length; g += 2) {
            groups.add(new Group(Math.toIntExact(pairs[g]), Math.toIntExact(pairs[g + 1])));
        }
        return new Layout(groups, batch.rows().length);
    }

    /** P. */
    long positions() {
        return groups.stream().mapToLong(Group::positions).sum();
    }

    /** B. */
    int examples() {
        return groups.stream().mapToInt(Group::count).sum();
    }

    /** Cells of all score matrices of one head. */
    long scores() {
        return groups.stream()
                .mapToLong(group -> group.positions() * group.length())
                .sum();
    }

    /** Cells of one head's score matrices that exist at once: attention goes group by group. */
    long scoresAtOnce() {
        return groups.stream()
                .mapToLong(group -> group.positions() * group.length())
                .max()
                .orElse(0);
    }

    /** Positions of the groups for which joining the draws with the examples takes a copy, because neither is alone. */
    long copied() {
        return groups.size() == 1
                ? 0
                : groups.stream()
                        .filter(group -> group.count() > 1)
                        .mapToLong(Group::positions)
                        .sum();
    }

    /** Tokens of the examples: each has one more than it has positions. */
    long tokens() {
        return positions() + examples();
    }

    /** About half of the examples, the shorter ones, or the only one. */
    Layout half() {
        List<Group> kept = new ArrayList<>();
        long left = positions() / 2;
        for (Group group : groups) {
            int count = (int) Math.min(group.count(), left / group.length());
            if (count > 0) {
                kept.add(new Group(count, group.length()));
                left -= new Group(count, group.length()).positions();
            }
        }
        return kept.isEmpty()
                ? new Layout(List.of(new Group(1, groups.getFirst().length())), rows / 2)
                : new Layout(kept, rows / 2);
    }
}
