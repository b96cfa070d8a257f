"""Group: commands in the order in which they are used, with a did-you-mean for the others."""

from __future__ import annotations

import click


class Group(click.Group):
    """A group of commands that tells slips of the keyboard from their likely meaning."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            option = error.option_name
            for name, command in self.commands.items():
                if any(option in parameter.opts for parameter in command.params):
                    ctx.fail(f"{option} stands after the command: {name} {option} …")
            raise

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            from generator.errors import did_you_mean

            near = did_you_mean(args[0], self.commands)
            ctx.fail(f"no such command '{args[0]}'" + (f"; {near}" if near else ""))
        return super().resolve_command(ctx, args)
