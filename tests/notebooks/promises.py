"""What each lecture promises to cover, and where it keeps its word.

For each lecture, each promise of the curriculum with the section that keeps it and a cell in that
section. A new lecture adds its rows; ``test_promises.py`` fails while it has none, and when a
section or a cell that keeps a promise is renamed or goes. A template has rows too, by its number:
its promises are what somebody with pictures of their own asks of it.
"""

from typing import NamedTuple


class Kept(NamedTuple):
    """Where a promise is kept."""

    promise: str
    section: str
    """The words of the heading, of whatever level, without its number."""
    cell: str
    """The id of a cell below that heading that does or says it."""


PROMISES: dict[int, list[Kept]] = {
    1: [
        Kept(
            "which classifiers are multi-class by nature",
            "Who needs a strategy at all?",
            "nature-thousand",
        ),
        Kept(
            "which strategy scikit-learn's classifiers contain",
            "What is inside scikit-learn's own classifiers?",
            "inside-detect",
        ),
        Kept("one-vs-rest: k binary models", "What was trained", "fit-rest-code"),
        Kept("one-vs-rest: raw scores, the highest wins", "A raw score by hand", "hand-table"),
        Kept("120 blobs, two features, three classes: lines", "One-vs-rest", "blobs"),
        Kept("test points to predict by eye first", "One-vs-rest", "blobs-question"),
        Kept("the regions of a three-class problem", "One-vs-rest", "blobs-regions"),
        Kept("coefficient and intercept shapes", "What was trained", "shapes"),
        Kept("scores by hand", "A raw score by hand", "hand-scores"),
        Kept("where every model says no", "One-vs-rest", "blobs-claims"),
        Kept(
            "against predict_proba: probabilities that are made to add up",
            "Probabilities that are made to add up",
            "proba-table",
        ),
        Kept("one-vs-one: k(k-1)/2 models", "One-vs-one", "one-count"),
        Kept("one-vs-one: votes, by hand", "One-vs-one", "one-winners"),
        Kept("one-vs-one: votes, counted", "One-vs-one", "one-counted"),
        Kept("one-vs-one: ties", "Ties", "tie-find"),
        Kept("ties by OneVsOneClassifier", "Ties", "tie-settled"),
        Kept(
            "both wrappers on 1,000 points in 20 classes: time and accuracy",
            "Twenty classes",
            "twenty-result",
        ),
        Kept(
            "how both grow with k, on log axes beside the count of models",
            "As the number of classes grows",
            "growth-plot",
        ),
        Kept("accuracy as k grows", "As the number of classes grows", "growth-accuracy"),
        Kept(
            "multinomial (softmax) regression, and how it differs",
            "Softmax: one model for all",
            "softmax-shift",
        ),
        Kept("three groups in a row", "A puzzle first: three groups in a row", "row-result"),
        Kept("three groups in a row, explained", "The puzzle solved, and broken", "row-profile"),
        Kept("when to use which, filled in by the reader first", "Which to use when", "choose"),
        Kept("when to use which", "Ours", "choose-answer"),
        Kept("a cell to play with", "Your turn: move the star", "play-star"),
    ],
    2: [
        Kept(
            "a linear model learned by SGD recovers the weights that made the data",
            "Learning step by step",
            "weights-recovered",
        ),
        Kept("step by step with the loss drawn", "Learning step by step", "sgd-plot"),
        Kept("a dozen lines that the reader can follow", "Learning step by step", "sgd"),
        Kept("logistic regression as a graph", "Logistic regression is a graph", "graph-logistic"),
        Kept("one hidden layer", "Logistic regression is a graph", "graph-one-hidden"),
        Kept("two hidden layers", "Logistic regression is a graph", "graph-two-hidden"),
        Kept("their weights counted", "Logistic regression is a graph", "weights-counted"),
        Kept(
            "layers as a pipeline: how many features before and after each",
            "A pipeline with learned steps",
            "pipeline",
        ),
        Kept("two linear layers are one", "Two linear layers are one", "merged"),
        Kept("one bend, on data that a line cannot split", "The puzzle first", "puzzle-said"),
        Kept("the regions drawn while it trains", "One bend", "while-it-trains"),
        Kept(
            "what the hidden layer is good for",
            "What the hidden layer is good for",
            "hidden-features",
        ),
        Kept("learning rate too small, right, too large", "How large a step", "rates-plot"),
        Kept("why networks, why not", "Why networks, and why not", "for-and-against"),
        Kept("no guarantee of the best answer", "Why networks, and why not", "ten-starts-said"),
        Kept("size against under- and overfitting", "How large", "tradeoff-said"),
        Kept("hyperparameters", "The choices", "choices"),
        Kept("the software that people use, dated", "What people use", "software"),
        Kept("a cell to play with", "Try it", "play"),
    ],
    3: [
        Kept(
            "what computer vision's tasks are, in pictures",
            "What computer vision asks",
            "draw-tasks",
        ),
        Kept("what their labels cost", "What computer vision asks", "labels-cost"),
        Kept("an image folder", "A folder of pictures", "folder-table"),
        Kept("batches, and why not all at once", "A folder of pictures", "memory"),
        Kept("what is computed batch by batch", "A folder of pictures", "batches-mean"),
        Kept(
            "what the computer sees: zoom until the numbers appear",
            "What the computer sees",
            "zoom",
        ),
        Kept("flattening: which number is which pixel", "What the computer sees", "flat-where"),
        Kept("colour: three channels", "What the computer sees", "channels"),
        Kept("dummy baseline", "A baseline, before anything else", "dummy"),
        Kept(
            "logistic regression on 40,000 pixels: perfect in training, poor on new pictures",
            "Forty thousand columns",
            "overfits",
        ),
        Kept(
            "why a perfect training score says nothing", "Forty thousand columns", "random-labels"
        ),
        Kept("its weights drawn as pictures", "What it learned", "weights"),
        Kept("all pixels shuffled: the model does not notice", "The puzzle first", "puzzle-answer"),
        Kept(
            "all pixels shuffled, explained",
            "Experiment one and two: shuffle and shrink",
            "weights-shuffled",
        ),
        Kept("8 x 8 dots as good as 200 x 200", "Shrink", "shrink-plot"),
        Kept(
            "move the picture by a few pixels and watch",
            "Experiment three: a step to the side",
            "shift-said",
        ),
        Kept("a cell to play with", "Try it", "play"),
        Kept("colour against grey", "Experiment four: colour", "colour-said"),
        Kept(
            "what regularisation can and cannot repair, as a validation curve",
            "Can regularisation repair it?",
            "validation-curve-plot",
        ),
        Kept("raw pixels on small images, and which these are", "Small pictures", "small-load"),
        Kept("three small images to predict first", "Small pictures", "small-three"),
        Kept("small images: accuracy", "Small pictures", "small-said"),
        Kept("small images: confusion matrix", "Small pictures", "small-confusion"),
        Kept(
            "what a representation would have to do instead",
            "What a representation would have to do instead",
            "bridge-plot",
        ),
    ],
    4: [
        Kept("ImageNet and its 1,000 classes", "A thousand names", "some-names"),
        Kept("their oddities", "A thousand names", "everyday"),
        Kept(
            "preprocess exactly as the weights were trained",
            "Preprocess exactly as the weights were trained",
            "cut-away",
        ),
        Kept(
            "what happens otherwise, on enough pictures, with an interval",
            "Preprocess exactly as the weights were trained",
            "prepared-plot",
        ),
        Kept(
            "what happens otherwise to first names and confidence",
            "Preprocess exactly as the weights were trained",
            "wrong-preprocessing-said",
        ),
        Kept("classify_image with its top-n table", "Ask it about a picture", "top-five"),
        Kept("on photographs", "Ask it about a picture", "all-photographs"),
        Kept("several networks side by side", "Other networks, same picture", "other-networks"),
        Kept("scenes without a class", "Scenes", "scenes"),
        Kept(
            "why its confidence is no warning, as overlapping histograms",
            "Why its confidence is a poor warning",
            "confidence-plot",
        ),
        Kept(
            "single pictures without a class with high confidence",
            "Why its confidence is a poor warning",
            "confidence-said",
        ),
        Kept(
            "to three classes by hand through the class names",
            "From a thousand names to yours",
            "adding-up",
        ),
        Kept("names against learning", "The puzzle first", "puzzle-said"),
        Kept(
            "by learning from the 1,000 probabilities",
            "From a thousand names to yours",
            "learned-weights",
        ),
        Kept(
            "why the untrained one wins, for the reader to explain",
            "From a thousand names to yours",
            "reader-explains",
        ),
        Kept("names and labels together", "Names and labels together", "together"),
        Kept("what a network calls the paintings", "What it calls a painting", "painted-said"),
        Kept("a cell to play with", "Try it", "play"),
    ],
    5: [
        Kept(
            "the network without its last layer", "A network ends in a logistic regression", "cut"
        ),
        Kept("any layer", "Any layer", "layers-scores"),
        Kept("feature shape", "The features of all pictures", "feature-table"),
        Kept("eval", "eval mode", "company"),
        Kept("no gradients", "No gradients", "gradients"),
        Kept("device", "The features of all pictures", "device"),
        Kept(
            "saving features with save_array and loading them at once",
            "Compute once, load at once",
            "save-load",
        ),
        Kept(
            "logistic regression on features against pixels, same pictures and split",
            "The result first",
            "first-result-said",
        ),
        Kept(
            "whether the comparison is fair, with intervals", "Was the comparison fair?", "paired"
        ),
        Kept(
            "how few labels are enough (learning curve)",
            "How few labels are enough?",
            "few-labels-plot",
        ),
        Kept("a map of the features", "A map of the collection", "maps"),
        Kept("nearest neighbours: find similar pictures", "Similar pictures", "neighbours-plot"),
    ],
    6: [
        Kept(
            "five kinds of predictions, for any number of classes",
            "Five ways to look",
            "five-views",
        ),
        Kept("correct at random", "Five ways to look", "view-correct"),
        Kept("incorrect at random", "Five ways to look", "view-incorrect"),
        Kept("most correct, of each class", "Five ways to look", "view-most-correct"),
        Kept("most incorrect", "Five ways to look", "view-most-incorrect"),
        Kept("most uncertain", "Five ways to look", "view-most-uncertain"),
        Kept(
            "what uncertain means with more than two classes",
            "Five ways to look",
            "uncertain-measures",
        ),
        Kept("what each kind is for", "Five ways to look", "view-most-uncertain-read"),
        Kept("confusion matrix", "The confusion matrix, and what it hides", "matrix-plot"),
        Kept("what it hides", "The confusion matrix, and what it hides", "matrix-stories"),
        Kept(
            "do nine in ten come true: a reliability diagram with counts and intervals",
            "Do the probabilities come true?",
            "reliability-models",
        ),
        Kept(
            "what a hidden group does to it",
            "Do the probabilities come true?",
            "reliability-hidden",
        ),
        Kept(
            "the hidden group: mistakes grouped by features",
            "Do the mistakes resemble each other?",
            "mistakes-alike",
        ),
        Kept(
            "the hidden group: train told from valid, cross-validated",
            "Can a classifier tell *train* from *valid*?",
            "split-classifier",
        ),
        Kept(
            "the hidden group: neighbours at a distance",
            "Who is far from everything known?",
            "distance-code",
        ),
        Kept(
            "the ways compared on all classes, false alarms included",
            "The three classes, side by side",
            "compare-compute",
        ),
        Kept(
            "the finding: wild was foxes only",
            "The three classes, side by side",
            "hidden-training",
        ),
        Kept("one photograph repairs it", "The puzzle first", "puzzle-said"),
        Kept(
            "by looking, at random, more of the same: curves over many draws",
            "The repair",
            "repair-plot",
        ),
        Kept("the price: what the new number means", "The price", "price-bounds"),
        Kept("the price: every picture judged once", "The price", "price-rotated"),
        Kept(
            "why lecture 4's untrained classifier knew leopards",
            "Why the untrained classifier knew leopards",
            "names-said",
        ),
        Kept(
            "what a test score cannot tell",
            "What a test score cannot tell",
            "test-score-read",
        ),
        Kept("a recipe for the next day", "Tomorrow, at work", "recipe"),
        Kept("a cell to play with", "Try it", "play"),
    ],
    7: [
        Kept("baseline first", "Two tasks, one question", "baselines-code"),
        Kept("freeze", "Freeze, and train a new head", "head-count"),
        Kept("a new head", "Freeze, and train a new head", "head-train"),
        Kept(
            "the new head is lecture 5's logistic regression",
            "Freeze, and train a new head",
            "head-is-logistic",
        ),
        Kept("a loop that fits on a screen, shown whole", "The loop, whole", "loop-shown"),
        Kept("a head with dropout and L2", "Dropout and L2", "regularise-code"),
        Kept(
            "unfreeze the last block, then everything",
            "Unfreeze the last block, then everything",
            "unfreeze-code",
        ),
        Kept(
            "learning rates: the one that destroys what was learned",
            "The learning rate that destroys what was learned",
            "rates-said",
        ),
        Kept(
            "batch normalisation while fine-tuning, and the harm it can do",
            "Batch normalisation, the layer that moves although it is frozen",
            "norm-code",
        ),
        Kept(
            "augmentation, seen as pictures",
            "Augmentation: more pictures from the same ones",
            "augment-look",
        ),
        Kept(
            "labels kept true",
            "Augmentation: more pictures from the same ones",
            "augment-false-said",
        ),
        Kept(
            "a cell to play with", "Augmentation: more pictures from the same ones", "augment-play"
        ),
        Kept(
            "learning curves and overfitting",
            "Curves, overfitting, early stopping",
            "curves-plot",
        ),
        Kept("stop early", "Curves, overfitting, early stopping", "curves-stop"),
        Kept(
            "checkpoint the best, interrupt and resume",
            "Interrupted, and resumed to the same bits",
            "resume-code",
        ),
        Kept(
            "a folder of one's own with two classes of unequal size",
            "Two classes of unequal size",
            "unequal-data",
        ),
        Kept("the measures that fit", "Two classes of unequal size", "unequal-table"),
        Kept("mixed precision, on a processor too", "Mixed precision", "mixed-code"),
        Kept(
            "all strategies on one ladder with intervals",
            "One ladder for all of it",
            "ladder-animals",
        ),
        Kept(
            "against features + logistic regression: when it is better",
            "One ladder for all of it",
            "ladder-rings",
        ),
        Kept("train, validation, test: look at test once", "The test set, once", "test-code"),
    ],
    8: [
        Kept("GPU", "What a GPU changes, and what it does not", "gpu-measured"),
        Kept(
            "what a GPU changes and what it does not: Amdahl",
            "What a GPU changes, and what it does not",
            "amdahl",
        ),
        Kept(
            "processor and GPU at the same time",
            "What a GPU changes, and what it does not",
            "overlap",
        ),
        Kept("mixed precision", "Batch size, precision, memory", "precision"),
        Kept("batch size", "Batch size, precision, memory", "batch-times"),
        Kept(
            "memory: the largest batch, without trial and error",
            "Batch size, precision, memory",
            "memory-table",
        ),
        Kept(
            "where time goes: decode or network, guessed first",
            "The puzzle first: a GPU that takes no time",
            "puzzle",
        ),
        Kept(
            "where time goes: decode or network, measured",
            "The puzzle first: a GPU that takes no time",
            "puzzle-plot",
        ),
        Kept("how to find out", "Where the time goes, and how to find out", "first-call"),
        Kept("saved features: what to keep", "Caches, and what makes them lie", "what-to-keep"),
        Kept(
            "caches and what makes them lie: a replaced file",
            "Caches, and what makes them lie",
            "lies",
        ),
        Kept(
            "caches and what makes them lie: an edited network, another preprocessing",
            "Caches, and what makes them lie",
            "lies-network",
        ),
        Kept(
            "features of many pictures: chunks in bounded memory, drawn over time",
            "A hundred thousand pictures in bounded memory",
            "memory-plot",
        ),
        Kept("resume", "A hundred thousand pictures in bounded memory", "bulk-again"),
        Kept("several machines", "A million, on several machines", "cluster"),
        Kept("a cost model with the reader's own numbers", "Hours and money", "cost-model"),
        Kept("a cell to play with", "Try it", "play"),
        Kept("what to measure before buying", "What to measure before you buy", "before-buying"),
    ],
    9: [
        Kept("one line at the top names your folder or your zip", "Name your folder", "folder"),
        Kept("unreadable files are listed, never replaced", "Look at what you have", "unread"),
        Kept("look at the data before any score", "Look at what you have", "quality"),
        Kept("a file in two classes is left out of both", "Look at what you have", "disputed"),
        Kept("split without leaks", "Divide, before anything else", "split"),
        Kept("a baseline", "A ladder: guessing, pixels, features", "rungs"),
        Kept("features, and other layers", "A ladder: guessing, pixels, features", "features"),
        Kept("a ladder with intervals", "A ladder: guessing, pixels, features", "ladder-plot"),
        Kept("measures that fit unequal classes", "Each class", "by-class"),
        Kept("are more labels worth it?", "Are more labels worth it?", "curve"),
        Kept("the worst mistakes", "The worst mistakes", "most-wrong"),
        Kept("hidden groups: mistakes grouped by features", "Groups that hide", "grouped"),
        Kept("hidden groups: train against valid", "Groups that hide", "tell"),
        Kept("the test pictures, once", "The test pictures, once", "final"),
        Kept("the classifier saved for tomorrow", "Keep it", "save"),
        Kept("the command that classifies new files", "Keep it", "command"),
        Kept("a cell to play with", "Keep it", "play-code"),
        Kept("a page of results to send", "A page to send", "page-rest"),
    ],
}
