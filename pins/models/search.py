"""The words by which pins are found. Written by pins.search with the pin; nothing else writes them."""

from django.db import models

from community_map.words import MOST_LETTERS


class SearchWord(models.Model):
    """One word of one pin, without its ending, and the most public of the texts in which it stands."""

    class Part(models.IntegerChoices):
        """Who may find a pin by the word: what is in its name or public text is found by everyone who sees the pin."""

        NAME = 0
        PUBLIC = 1
        STAFF = 2

    # The unique constraint is the index by pin.
    pin = models.ForeignKey("pins.Pin", on_delete=models.CASCADE, related_name="words", db_index=False)
    word = models.CharField(max_length=MOST_LETTERS)
    part = models.PositiveSmallIntegerField(choices=Part)

    class Meta:
        indexes = [models.Index(fields=["word", "part", "pin"], name="search_word_lookup")]
        constraints = [
            models.UniqueConstraint(
                fields=["pin", "word"], name="search_word_is_one_row_for_a_pin_and_a_word"
            )
        ]

    def __str__(self) -> str:
        return self.word


class SearchKey(models.Model):
    """A way to a word: the word itself, a beginning of it, or the word with one letter left out.

    It says of a word only how it is written, not whether a pin has it. Two rows alike do no harm: without a unique
    constraint, two people who bring in the same new word at once do not wait for each other.
    """

    key = models.CharField(max_length=MOST_LETTERS)
    word = models.CharField(max_length=MOST_LETTERS)

    class Meta:
        indexes = [models.Index(fields=["key", "word"], name="search_key_lookup")]

    def __str__(self) -> str:
        return f"{self.key}: {self.word}"
