package dev.remix.engine.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;

/** AdamW's running means of a group's gradients and of their squares, in the order of its parameters. */
record Moments(List<NDArray> means, List<NDArray> squares) {
    static Moments zeros(List<NDArray> parameters, NDManager scope) {
        return new Moments(zerosLike(parameters, scope), zerosLike(parameters, scope));
    }

    private static List<NDArray> zerosLike(List<NDArray> parameters, NDManager scope) {
        return parameters.stream()
                .map(parameter -> scope.zeros(parameter.getShape(), parameter.getDataType()))
                .toList();
    }

    /** Adds the parameters and their moments, named {@code GROUP.INDEX} and so on. */
    void name(String group, List<NDArray> parameters, Map<String, NDArray> state) {
        for (int i = 0; i < parameters.size(); i++) {
            state.put(group + "." + i, parameters.get(i));
            state.put(group + "." + i + ".mean", means.get(i));
            state.put(group + "." + i + ".square", squares.get(i));
        }
    }
}
