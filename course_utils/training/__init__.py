"""Fine-tune a network: new head, freezing, augmentation, checkpoints that a killed run resumes."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "augmentation": ["Augmentation"],
        "checkpoints": ["load_best"],
        "fine_tuning": ["FineTuned", "fine_tune"],
        "freezing": ["count_parameters", "freeze", "unfreeze"],
        "heads": ["with_new_head"],
        "loop": ["evaluate", "train_epoch"],
        "splits": ["check_splits"],
    },
)
