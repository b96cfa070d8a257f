"""The pages wing: posts, fragments and templates in, the files of the site out."""
