package dev.remix.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;

@AnalyzeClasses(packages = "dev.remix.engine", importOptions = ImportOption.DoNotIncludeTests.class)
class EngineArchitectureTest {
    @ArchTest
    static final ArchRule knowsNoFrameworkAndNoNetwork = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework..",
                    "jakarta..",
                    "java.net..",
                    "java.sql..",
                    "dev.remix.protocol..",
                    "dev.remix.agent..",
                    "dev.remix.service..");

    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching("dev.remix.engine.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyScriptAndDeviceKnowWhichEngineIsBelow = noClasses()
            .that()
            .resideOutsideOfPackages("dev.remix.engine.script", "dev.remix.engine.device")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl.pytorch..");

    @ArchTest
    static final ArchRule noUnseededRandomness =
            noClasses().should().callConstructor(Random.class).orShould().callMethod(Math.class, "random");

    @ArchTest
    static final ArchRule noCalendar =
            noClasses().should().callMethod(Instant.class, "now").orShould().callMethod(Clock.class, "systemUTC");
}
