package dev.remix.service.dataset;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * @param maxFileSize of an upload
 * @param maxLineSize of one example; what is longer is passed over, never held in memory
 * @param maxNestingDepth of one example's JSON
 */
@Validated
@ConfigurationProperties("remix.data-sets")
record DataSetSettings(
        @DefaultValue("512MB") DataSize maxFileSize,
        @DefaultValue("1MB") DataSize maxLineSize,
        @DefaultValue("32") @Min(4) @Max(1000) int maxNestingDepth) {}
