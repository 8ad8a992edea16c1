"""Bulk downloads in the forms of learning platforms, made here of our own hand-ins.

docs/collecting.md says where each form was read.
"""

from tests.intake.forms import solved, wrong, zipped

WORK, PART = zipped(solved("tiny/")), zipped(wrong("tiny/"))

METADATA = b"""\
submission_11:
  :submitters:
  - :name: Gus Grade
    :sid: '501'
    :email: gus@example.edu
  :created_at: 2026-10-24 16:34:00.861687000 Z
  :score: 2.0
  :results:
    output: |-
      =====
      submission_12:
  :history:
  - :id: 9
    :created_at: 2026-10-20 16:34:00.861687000 Z
submission_12:
  :submitters:
  - :name: Gia One
    :sid: '502'
  - :name: Gil Two
    :email: gil@example.edu
  :created_at: 2026-10-26 17:34:00.861687000 Z
submission_13:
  :submitters: []
"""

DOWNLOADS = {
    "canvas.zip": {
        "cannacal_41_9001_handin.zip": WORK,
        "cobbcat_LATE_42_9002_tiny-1.ipynb": solved()["tiny.ipynb"],
        "cobbcat_LATE_42_9003_layers.py": solved()["cs_lib/layers.py"],
        "c\u00f4t\u00e9chlo\u00e9_43_9004_hand_in_1_2_v3.zip": PART,
        "cruzcy_44_text.html": b"<p>typed</p>",
        "LATE_anon_aB3dE_9006_handin.zip": WORK,
        "newnora_45_9007_handin.zip": WORK,
    },
    "moodle.zip": {
        "Mia Moss_7001_assignsubmission_file_/tiny.ipynb": solved()["tiny.ipynb"],
        "Mia Moss_7001_assignsubmission_file_/cs_lib/layers.py": solved()["cs_lib/layers.py"],
        "Max von Mohn_7002_assignsubmission_file/handin.zip": PART,
        "Max von Mohn_7002_assignsubmission_onlinetext/onlinetext.html": b"<p>typed</p>",
        "Group 31_12_assignsubmission_file_/handin.zip": WORK,
        "Participant_7003_assignsubmission_file_/handin.zip": WORK,
    },
    "moodle-flat.zip": {"Moe Flat_7004_assignsubmission_file_handin.zip": WORK},
    "brightspace.zip": {
        "index.html": b"<html>",
        "611-46 - 23304308 Boole - 24 October 2026 612 PM/handin.zip": PART,
        "611-46 - 23304308 Boole - 24 October 2026 655 PM/handin.zip": WORK,
        "612-46 - bly Bea Lynn - Oct 26, 2026 1200 AM/tiny.ipynb": solved()["tiny.ipynb"],
        "612-46 - bly Bea Lynn - Oct 26, 2026 1200 AM/layers.py": solved()["cs_lib/layers.py"],
        "613-46 - Team 5 - Ben Zed - 24 Oktober 2026 1812/handin.zip": WORK,
        "614-46 - Bo Flat - Oct 24, 2026 612 PM - handin.zip": WORK,
    },
    "gradebook_C1_tiny_2026-10-27.zip": {
        "A tiny one_bb1_attempt_2026-10-24-18-00-00_handin.zip": PART,
        "A tiny one_bb1_attempt_2026-10-24-18-00-00.txt": b"Name: Bob (bb1)",
        "A tiny one_bb1_attempt_2026-10-24-18-30-00_hand_in.zip": WORK,
        "A tiny one_bb1_attempt_2026-10-24-18-30-00.txt": b"Name: Bob (bb1)",
        "A tiny one_b.b2_attempt_2026-10-26-19-01-00_tiny.ipynb": solved()["tiny.ipynb"],
    },
    "gradescope.zip": {
        "assignment_9_export/submission_metadata.yml": METADATA,
        **solved("assignment_9_export/submission_11/"),
        **wrong("assignment_9_export/submission_12/"),
        "assignment_9_export/submission_13/tiny.ipynb": b"{}",
        "assignment_9_export/submission_99/tiny.ipynb": b"{}",
    },
}
"""What lies in each download."""

STUDENTS = [
    ("cal", "Cal", "Canna", "", "41"),
    ("cat.cobb", "Cat", "Cobb", "", "42"),
    ("chloe", "Chlo\u00e9", "C\u00f4t\u00e9", "", ""),
    ("mia", "Mia", "Moss", "", ""),
    ("max", "Max", "von Mohn", "", ""),
    ("t1", "", "", "", ""),
    ("t2", "", "", "", ""),
    ("23304308", "", "", "", ""),
    ("bly", "", "", "", ""),
    ("bo", "Bo", "Flat", "", ""),
    ("bb1", "", "", "", ""),
    ("b.b2", "", "", "", ""),
    ("501", "", "", "", ""),
    ("gia", "Gia", "One", "", ""),
    ("gil", "", "", "gil@example.edu", ""),
]
"""Id, first and last name, address, number on the platform, as the gradebook has them."""

ROSTER = """
[groups.tiny]
"Group 31" = ["t1", "t2"]

[platform_ids]
moe = ["Moe Flat"]
team = ["Team 5"]
"""

COLLECTED = {
    "cal": (4, None, ()),
    "cat.cobb": (4, None, ("Canvas calls it late, but tells no time",)),
    "chloe": (3, None, ()),
    "anon_aB3dE": (4, None, ("nobody the course knows", "Canvas calls it late")),
    "newnora": (4, None, ("nobody the course knows", '["45"]')),
    "mia": (4, None, ()),
    "max": (3, None, ()),
    "t1": (4, None, ()),
    "Participant_7003": (4, None, ("nobody the course knows",)),
    "moe": (4, None, ()),
    "23304308": (4, "2026-10-24 16:55:00", ()),
    "bly": (4, "2026-10-25 23:00:00", ()),
    "team": (4, "24 Oktober 2026 18:12", ("when it came: expected a date",)),
    "bo": (4, "2026-10-24 16:12:00", ()),
    "bb1": (4, "2026-10-24 16:30:00", ()),
    "b.b2": (1, "2026-10-26 18:01:00", ()),
    "501": (4, "2026-10-24 16:34:00", ()),
    "gia": (3, "2026-10-26 17:34:00", ("handed in with",)),
    "gil": (3, "2026-10-26 17:34:00", ("handed in with",)),
}
"""Score, start of timestamp.txt, and what staff are told."""

LEFT = [
    ("canvas.zip: cruzcy_44_text.html", "typed into Canvas"),
    ("moodle.zip: Max von Mohn_7002_assignsubmission_onlinetext/", "typed into Moodle"),
    ("brightspace.zip: index.html", "nobody's work"),
    ("brightspace.zip: 611-46 - 23304308 Boole - 24 October 2026 612 PM", "an earlier attempt"),
    ("gradebook_C1_tiny_2026-10-27.zip: A tiny one_bb1_attempt_2026-10-24-18-00-00.txt", "receipt"),
    ("gradebook_C1_tiny_2026-10-27.zip: A tiny one_bb1_attempt_2026-10-24-18-30-00.txt", "receipt"),
    ("gradebook_C1_tiny_2026-10-27.zip: A tiny one_bb1_attempt_2026-10-24-18-00-00_", "an earlier"),
    ("gradescope.zip: assignment_9_export/submission_metadata.yml", "Gradescope's table"),
    ("gradescope.zip: assignment_9_export/submission_13/", "nobody's work"),
    ("gradescope.zip: assignment_9_export/submission_99/", "nobody's work"),
]
"""Beginnings of what is not taken, and a part of the reason."""
