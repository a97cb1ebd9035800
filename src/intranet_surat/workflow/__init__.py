"""What may happen to a letter: a language, an engine, and all that can be known of a flow before it is in force.

Pure Python: no database, no web. The parts of the room, each importing only itself and parts above it
(`tests/test_architecture.py` reads this list):

values    model, model_words, sentences, view, own_acts, calendar
language  keywords, language, nodes, durations, findings, world, cast, rules, literals, loader, loader_block,
          loader_forms, loader_reading, loader_states, loader_terms, loader_tests, loader_values, check,
          check_edits, check_fields, check_names, check_parts, check_paths, check_terms, check_turns, check_words,
          check_writes, extending, inserting, narrowing, printing, schema, reference
engine    engine, deeds, offers, passage, chart, near, judging, answers, initials, turns, overlay, sight, standing,
          limits, timers, road, explain, reach, wanting, doing, matters, legs, entering, changing, remedies,
          appointing, repairs, remembering
telling   tell, tell_acts, tell_states, tell_words, draw, draw_layout, draw_text
playing   rehearsal, little_org, testing, walking, moving, witness, replay, replay_life, replay_missing, replay_past,
          replay_reading, replay_report, audit
proving   promises, promises_cases, promises_conf, promises_facts, promises_graph, promises_limits,
          promises_machine, promises_story, promises_tracks, matrix, matrix_letters, matrix_little, matrix_scope,
          diff, diff_powers
"""
