package dev.remix.service.job;

import dev.remix.service.Problem;
import dev.remix.service.Refusal;
import java.util.List;

/** Turns what is wrong with a request into its refusal. */
final class JobProblems {
    private JobProblems() {}

    /** Refuses if there is anything wrong; the first problem gives the refusal its code and its field. */
    static void refuse(Refusal.Kind kind, List<Problem> problems) {
        if (problems.isEmpty()) {
            return;
        }
        Problem first = problems.getFirst();
        throw Refusal.of(kind, first.code(), first.detail())
                .param(first.pointer().substring(1).replace('/', '.'))
                .problems(problems);
    }
}
