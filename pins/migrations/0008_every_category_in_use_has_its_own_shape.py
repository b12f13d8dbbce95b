"""A shape stands for one category in use; where two had the same, the later one gets a shape that is free."""

import django.core.validators
from django.db import migrations, models

import pins.models.category

SHAPES = ("circle", "square", "triangle", "diamond", "pentagon", "hexagon", "star", "cross")


def part_shapes(apps, schema_editor):
    categories = apps.get_model("pins", "Category").objects.filter(is_retired=False).order_by("order", "pk")
    taken, doubled = set(), []
    for category in categories:
        (doubled.append(category) if category.shape in taken else taken.add(category.shape))
    free = [shape for shape in SHAPES if shape not in taken]
    if len(doubled) > len(free):
        raise RuntimeError(f"There are {len(SHAPES)} shapes and more categories in use: retire some first.")
    for category, shape in zip(doubled, free, strict=False):
        category.shape = shape
        category.save(update_fields=["shape"])


class Migration(migrations.Migration):
    dependencies = [
        ("pins", "0007_services_are_named_by_agreement"),
    ]

    operations = [
        migrations.RunPython(part_shapes, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="category",
            name="colour",
            field=models.CharField(
                help_text="Choose a dark colour: the shape is drawn on it in white.",
                max_length=7,
                validators=[
                    django.core.validators.RegexValidator("^#[0-9a-f]{6}$", "As in #1d70b8."),
                    pins.models.category.validate_contrast,
                ],
                verbose_name="colour",
            ),
        ),
        migrations.AlterField(
            model_name="historicalcategory",
            name="colour",
            field=models.CharField(
                help_text="Choose a dark colour: the shape is drawn on it in white.",
                max_length=7,
                validators=[
                    django.core.validators.RegexValidator("^#[0-9a-f]{6}$", "As in #1d70b8."),
                    pins.models.category.validate_contrast,
                ],
                verbose_name="colour",
            ),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_retired", False)),
                fields=("shape",),
                name="category_in_use_has_a_shape_of_its_own",
                violation_error_message="Another category already uses this shape. Choose a different one.",
            ),
        ),
    ]
