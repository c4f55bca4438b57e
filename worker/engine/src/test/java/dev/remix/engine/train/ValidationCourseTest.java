package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.engine.train.EvaluationReport.Split;
import dev.remix.engine.train.RunSpec.Stopping;
import org.junit.jupiter.api.Test;

class ValidationCourseTest {
    private static final Stopping TWICE = new Stopping(2, 0.1, true);

    private static ValidationCourse after(double... losses) {
        ValidationCourse course = ValidationCourse.BEGIN;
        for (int i = 0; i < losses.length; i++) {
            course = course.after(new EvaluationReport(10 * (i + 1), Split.VALIDATION, losses[i], null, 1), TWICE);
        }
        return course;
    }

    @Test
    void theLowestLossIsTheBestHoweverLittleItIsLower() {
        assertThat(after(3, 2, 1.99, 2.5).bestStep()).isEqualTo(30);
        assertThat(after(3, 2, 2).bestStep()).as("of equals the earlier").isEqualTo(20);
    }

    @Test
    void patienceEndsAfterEvaluationsThatDoNotImproveEnough() {
        assertThat(after(3, 2.95).outOfPatience(TWICE)).isFalse();
        assertThat(after(3, 2.95, 2.91).outOfPatience(TWICE)).isTrue();
    }

    /** Small improvements add up: each is measured against the last that counted. */
    @Test
    void anImprovementOnTheReferenceBeginsAnew() {
        ValidationCourse course = after(3, 2.95, 2.85, 2.8);
        assertThat(course.outOfPatience(TWICE)).isFalse();
        assertThat(course.reference()).isEqualTo(2.85);
        assertThat(course.without()).isEqualTo(1);
    }

    @Test
    void aLossThatIsNoNumberImprovesOnNothing() {
        assertThat(after(Double.NaN, Double.POSITIVE_INFINITY).outOfPatience(TWICE))
                .isTrue();
        assertThat(after(Double.NaN).bestStep()).isZero();
        assertThat(after(3, Double.NaN).bestStep()).isEqualTo(10);
    }

    @Test
    void noPatienceNeverEnds() {
        assertThat(after(1, 2, 3, 4, 5).outOfPatience(Stopping.NEVER)).isFalse();
    }
}
