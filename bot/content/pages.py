"""The texts of a person's page: by name, each a template like those of replies."""

from collections.abc import Mapping

from bot.authored import Node, did_you_mean
from bot.content.compile import Template, compile_text
from bot.content.texts import Reading
from bot.people.locales import DEFAULT


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VARIABLES = _words("bot name n most what until")
NAMES = _words(
    "tongue title hello lead skip updated footer arriving arrive_chat arrive_open"
    " arrive_script save as_table date xp day_mon day_tue day_wed day_thu day_fri day_sat"
    " day_sun per_day per_week per_month next next_lesson next_quiz next_free next_rest"
    " next_write next_begin send_lesson send_quiz streak streak_days streak_today_done"
    " streak_today_open streak_best week state_done state_frozen state_paused state_amnesty"
    " state_skipped state_missed state_repaired state_open state_today state_none freezes"
    " streak_how streak_rule streak_plan plan_how plan_from plan_days plan_begin plan_end"
    " day_start streak_paused repair milestones milestone reached to_come level level_number"
    " level_share level_next level_top xp_week xp_chart ladder ladder_level ladder_brings"
    " ladder_here brings_freezes brings_discount brings_early_days wallet points_left"
    " points_level points_rule rewards rewards_free reward_points reward_take"
    " reward_had_before reward_insufficient_points latest latest_none plus_xp plus_points"
    " achievements achievements_of earned board board_join board_joining board_as board_near"
    " board_rank board_name board_self board_empty board_own board_none board_daily"
    " board_weekly board_all_time board_place board_top board_change board_new_name"
    " board_name_how board_leave team team_all team_share team_people team_join team_done"
    " credits credits_left limits_shown limit limit_most"
    " limit_left limits_set limits_how limits_wait limits_confirm closed_paused"
    " closed_resting closed_care pause pause_how pause_length pause_days pause_begin"
    " messages nudges quiet_how quiet_from quiet_to quiet_usual clock data language export"
    " erase erase_sure erase_yes leave told_limits told_higher told_nothing"
    " told_refused_limits told_pause told_messages told_refused_quiet told_board"
    " told_left_board told_refused_name told_days told_streak_paused told_refused_pause"
    " told_reward told_refused_reward told_language told_again told_erased told_left"
)


def parse_pages(
    files: Mapping[str, Node], locales: tuple[str, ...], reading: Reading
) -> dict[str, dict[str, Template]]:
    """Locale -> name -> text; English has all of them or no file, another language what it has."""
    found = {}
    for locale in locales:
        root = files.get(f"content/{locale}/pages.yaml")
        if root is not None:
            found[locale] = _texts(root, locale, reading)
    return found


def _texts(root: Node, locale: str, reading: Reading) -> dict[str, Template]:
    report = reading.report
    pairs = report.fields(root, ["pages"], ["pages"], "C040")
    texts = report.mapping(pairs.get("pages"), "C040")
    found: dict[str, Template] = {}
    for name, node in texts.items():
        if name not in NAMES:
            hint = did_you_mean(name, NAMES)
            report.error(node, "C041", f"'{name}' is not a text of a page", hint)
            continue
        text = compile_text(node, VARIABLES, report, reading.is_fast)
        if text is not None:
            found[name] = text
    for name in sorted(NAMES - texts.keys()) if locale == DEFAULT else ():
        report.error(root, "C042", f"the text '{name}' is missing")
    return found
