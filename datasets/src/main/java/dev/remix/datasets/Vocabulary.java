package dev.remix.datasets;

import java.util.List;

/** Words that exercises are about. */
final class Vocabulary {
    static final List<String> ANIMALS = words("cat dog cow hen fox owl bee ant pig goat lion bear wolf frog duck crab");
    static final List<String> FRUITS = words("plum fig pear lime kiwi date apple peach mango grape melon lemon cherry");
    static final List<String> METALS = words("iron zinc gold lead tin copper silver nickel steel brass");
    static final List<String> COLOURS = words("red blue green pink grey black white brown teal amber");
    static final List<Category> CATEGORIES = List.of(
            new Category("an animal", ANIMALS),
            new Category("a fruit", FRUITS),
            new Category("a metal", METALS),
            new Category("a colour", COLOURS));

    static final List<String> NAMES = words("Ann Bob Eve Max Kim Leo Mia Sam Zoe Tom Ida Ben");

    static final List<String> THINGS =
            words("book desk lamp table chair cup hat map pen box bag key jar bus car van net coin ring bell"
                    + " drum flag boat ship toy bird tree candle");

    static final List<String> WORDS =
            words("stone house river cloud chair table bread light water paper music horse plant tiger ocean night"
                    + " storm glass brick field grass sugar spice candle window garden winter summer spring autumn"
                    + " book desk lamp door wall roof rain snow wind fire tree leaf seed root bird fish ship boat"
                    + " road hill lake moon star coin ring bell drum flag gate hand foot nose salt milk rice soup"
                    + " cup hat map pen box bag key jar sun sky ice oak toy bus car van net web log mud fog");

    static final List<String> DAYS =
            List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");

    static final List<String> MONTHS = List.of(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December");

    private Vocabulary() {}

    /** A kind of thing, named with its article, and its members. */
    record Category(String singular, List<String> members) {}

    private static List<String> words(String spaced) {
        return List.of(spaced.split(" "));
    }
}
