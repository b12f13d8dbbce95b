"""The label of short names in plain English; no column and no row changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pins", "0009_plain_labels_and_help_texts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="category",
            name="slug",
            field=models.SlugField(max_length=60, unique=True, verbose_name="short name in the web address"),
        ),
        migrations.AlterField(
            model_name="historicalcategory",
            name="slug",
            field=models.SlugField(max_length=60, verbose_name="short name in the web address"),
        ),
        migrations.AlterField(
            model_name="lessheardgroup",
            name="slug",
            field=models.SlugField(max_length=60, unique=True, verbose_name="short name in the web address"),
        ),
        migrations.AlterField(
            model_name="offer",
            name="slug",
            field=models.SlugField(max_length=60, unique=True, verbose_name="short name in the web address"),
        ),
    ]
