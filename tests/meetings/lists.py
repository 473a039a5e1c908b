"""Lists of one meeting as each tool writes them; the people are invented."""

from __future__ import annotations

TEAMS = (
    "1. Summary\r\nMeeting title\tPeer mentoring\r\nAttended participants\t3\r\nStart time\t11/24/26, 5:51:11 PM\r\n"
    "End time\t11/24/26, 8:01:12 PM\r\nMeeting duration\t2h 10m 1s\r\n\r\n2. Participants\r\n"
    "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\r\n"
    "Asha Green\t11/24/26, 5:58:02 PM\t11/24/26, 8:00:59 PM\t1h 50m\tasha@example.org\tasha@example.org\tAttendee\r\n"
    "Ben Brown (Guest)\t11/24/26, 6:25:00 PM\t11/24/26, 8:00:59 PM\t1h 35m\t\t\tAttendee\r\n\r\n"
    "3. In-Meeting Activities\r\nName\tJoin Time\tLeave Time\tDuration\tEmail\tRole\r\n"
    "Asha Green\t11/24/26, 5:58:02 PM\t11/24/26, 6:40:00 PM\t42m\tasha@example.org\tAttendee\r\n"
    "Asha Green\t11/24/26, 6:43:00 PM\t11/24/26, 8:00:59 PM\t1h 17m\tasha@example.org\tAttendee\r\n"
    "Ben Brown (Guest)\t11/24/26, 6:25:00 PM\t11/24/26, 8:00:59 PM\t1h 35m\t\tAttendee\r\n"
).encode("utf-16")

TEAMS_OLD = (
    "Full Name\tUser Action\tTimestamp\r\n"
    "Asha Green\tJoined before\t24/11/2026, 17:58:02\r\n"
    "Ben Brown\tJoined\t24/11/2026, 18:25:00\r\n"
    "Asha Green\tLeft\t24/11/2026, 18:40:00\r\n"
    "Asha Green\tJoined\t24/11/2026, 18:43:00\r\n"
    "Asha Green\tLeft\t24/11/2026, 20:00:59\r\n"
).encode("utf-16")

ZOOM = (
    b"Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants\n"
    b"812 3456 7890,Peer mentoring,11/24/2026 05:51:11 PM,11/24/2026 08:01:12 PM,tom@example.org,131,3\n\n"
    b"Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,In Waiting Room\n"
    b"Asha Green,asha@example.org,11/24/2026 05:50:00 PM,11/24/2026 05:58:00 PM,8,No,Yes\n"
    b"Asha Green,asha@example.org,11/24/2026 05:58:02 PM,11/24/2026 08:00:59 PM,123,No,No\n"
    b'"Brown, Ben (Ben Brown)",,11/24/2026 06:25:00 PM,11/24/2026 08:00:59 PM,96,Yes,No\n'
)

MEET = (
    "\ufeffFirst name,Last name,Email,Duration,Time joined,Time exited\n"
    "Asha,Green,asha@example.org,2 hr 2 min,17:58,20:00\nBen,Brown,,1 hr 35 min,6:25\u202fPM,8:00\u202fPM\n"
).encode()

ISO = (
    b"Participant;E-mail;Joined;Left\r\nAsha Green;asha@example.org;2026-11-24T17:58:02Z;2026-11-24 19:00:59+00:00\r\n"
    b"Ben Brown;;2026-11-24 20:25:00+02:00;\r\n"
)
