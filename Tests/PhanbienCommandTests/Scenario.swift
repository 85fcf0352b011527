import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Testing

/// One command with what the server answers; its screens stand in `Tests/Screens`.
struct Scenario: Sendable, CustomTestStringConvertible {
    let name: String
    let line: String
    var replies: [(prefix: String, text: String)]
    var happenings: [Happening] = []
    var isTerminal = true

    var testDescription: String { name }

    private static let topic = """
        - topic id=2025-2 stage=review lead=nv review=hcth due=2025-06-20 last-day=2025-06-19 revision=3 title="Chia sẻ kỹ năng, kinh nghiệm tham gia tố tụng trong vụ án dân sự" code=CD2/2025 quarter=2 since=2025-06-14T08:00:00.000+07:00 comments=3 open=1
        """

    private static let event = EventLine(
        sequence: 1043, previous: 1042, time: "2025-06-16T09:12:01.101+07:00", type: "COMMENT.ADDED",
        pairs: [
            Pair("topic", "2025-2"), Pair("revision", "1"), Pair("id", "C88"), Pair("by", "minh"),
            Pair("anchor", "II.1/2"),
            Pair("kind", "content"), Pair("level", "must"),
        ])

    private static func change(_ sequence: Int64, _ type: String, _ pairs: [Pair]) -> Happening {
        .event(
            EventLine(
                sequence: sequence, previous: sequence - 1, time: "2025-06-16T09:15:40.000+07:00", type: type,
                pairs: [Pair("topic", "2025-2")] + pairs))
    }

    static let all: [Scenario] = [
        Scenario(
            name: "topics", line: "topics",
            replies: [
                (
                    "LIST",
                    """
                    - topic id=2025-1 stage=issued lead=hcth review=nv due=2025-03-28 revision=5 title="Nâng cao năng lực truyền thông về trợ giúp pháp lý đối với người dân tộc thiểu số" number=05/CĐ-TGPL
                    \(topic)
                    - topic id=2025-3 stage=drafting lead=nv review=hcth due=2025-06-15 last-day=2025-06-14 revision=0 title="Thực trạng, giải pháp nâng cao hiệu quả thẩm định" overdue=4
                    - topic id=2025-4 stage=review lead=nv review=hcth due=2024-07-03 last-day=2024-07-02 overdue=351 postponed=yes revision=1 title="Trợ giúp pháp lý cho người dưới 18 tuổi"
                    OK topics=4
                    """
                )
            ]),
        Scenario(
            name: "todo", line: "todo",
            replies: [
                (
                    "TODO",
                    """
                    - task topic=2025-2 act=settle object=C88 due=2025-06-20 since=2025-06-16 last-day=2025-06-19 text="ý kiến C88 chưa được tiếp thu, giải trình"
                    - task topic=2025-3 act=push due=2025-06-15 since=2025-06-01 last-day=2025-06-14 overdue=4 text="chưa có bản dự thảo"
                    OK tasks=2 :2 việc chờ bạn
                    """
                )
            ]),
        Scenario(
            name: "todo-director", line: "todo",
            replies: [
                (
                    "TODO",
                    """
                    - task topic=2025-2 act=override object=reviewed since=2025-06-16 text="phiếu P1 chưa được xác nhận"
                    - task topic=2025-3 act=lift object=tung since=2025-06-01 text="ý kiến không thống nhất còn hiệu lực"
                    - task topic=2025-4 act=appoint object=nv text="phòng chủ trì chưa có Trưởng phòng"
                    OK tasks=3 :3 việc chờ bạn
                    """
                )
            ]),
        Scenario(name: "todo-empty", line: "todo", replies: [("TODO", "OK tasks=0 :Không có việc nào chờ bạn")]),
        Scenario(
            name: "show-topic", line: "show 2025-2",
            replies: [
                (
                    "SHOW 2025-2",
                    """
                    \(topic)
                    - milestone id=opinion date=2025-06-15 rule=strict last-day=2025-06-14 text="trước ngày 15/6/2025 (chậm nhất hết ngày 14/6/2025)"
                    - milestone id=review date=2025-06-20 rule=strict last-day=2025-06-19 text="trước ngày 20/6/2025 (chậm nhất hết ngày 19/6/2025)"
                    - member person=lan as=author since=2025-06-01T08:00:00.000+07:00
                    - member person=minh as=reviewer since=2025-06-14T08:00:00.000+07:00
                    - passage from=assigned to=drafting time=2025-06-02T10:00:00.000+07:00 by=lan
                    - passage from=drafting to=leadership time=2025-06-13T16:30:00.000+07:00 by=son
                    - revision number=1 sha256=b91611d506bc4220b91611d506bc4220b91611d506bc4220b91611d506bc4220 by=lan time=2025-06-02T10:00:00.000+07:00 lines=41 bytes=9120 note="Dự thảo lần 1"
                    - revision number=2 sha256=a91611d506bc4220b91611d506bc4220b91611d506bc4220b91611d506bc4220 by=lan time=2025-06-10T10:00:00.000+07:00 lines=42 bytes=9220 change=other note="Sửa theo góp ý của Trưởng phòng" original=c91611d506bc4220b91611d506bc4220b91611d506bc4220b91611d506bc4220 file="Chuyên đề 2 – sửa lần 1.docx"
                    - vote kind=leadership by=bich value=direct revision=1 time=2025-06-14T08:00:00.000+07:00
                    | Bám sát số liệu báo cáo công tác năm.
                    OK topic=2025-2
                    """
                )
            ]),
        Scenario(
            name: "show-postponed", line: "show 2025-4",
            replies: [
                (
                    "SHOW 2025-4",
                    """
                    - topic id=2025-4 stage=review lead=nv review=hcth due=2024-07-03 last-day=2024-07-02 overdue=351 postponed=yes revision=1 title="Trợ giúp pháp lý cho người dưới 18 tuổi"
                    OK topic=2025-4
                    """
                )
            ]),
        Scenario(
            name: "show-text", line: "show 2025-2@1 --numbers",
            replies: [
                (
                    "SHOW 2025-2@1 numbers=yes",
                    """
                    | L1 # Mở đầu
                    | L2 Năm 2024 Trung tâm thực hiện 57 vụ việc tham gia tố tụng.
                    OK revision=2025-2@1 lines=2 bytes=120 sha256=b91611d506bc4220
                    """
                )
            ]),
        Scenario(
            name: "show-original", line: "show 2025-2@2",
            replies: [
                (
                    "SHOW 2025-2@2",
                    """
                    | # Mở đầu
                    OK revision=2025-2@2 lines=1 bytes=12 sha256=b91611d506bc4220b91611d506bc4220b91611d506bc4220b91611d506bc4220 original=c91611d506bc4220b91611d506bc4220b91611d506bc4220b91611d506bc4220 file="Chuyên đề 2.docx"
                    """
                )
            ]),
        Scenario(
            name: "check", line: "check 2025-2",
            replies: [
                (
                    "CHECK",
                    """
                    - requirement id=outline state=met count=6 text="đủ 6 mục"
                    - requirement id=settled state=unmet count=2 waiting=lan missing=C14,C15 text="2 ý kiến chưa có giải trình"
                    - requirement id=no-objection state=overridden count=0 text="Giám đốc đã bỏ qua"
                    - requirement id=personal-data state=not-applicable count=0 text="không áp dụng"
                    OK topic=2025-2 unmet=1 :Còn 1 điều kiện chưa đáp ứng
                    """
                )
            ]),
        Scenario(
            name: "comments", line: "comments 2025-2",
            replies: [
                (
                    "COMMENTS 2025-2",
                    """
                    - comment id=C88 by=minh office=hcth kind=content level=must state=open revision=1 anchor=II.1/2 now=moved at=II.2/1
                    - comment id=C89 by=hoa office=hcth kind=language level=should state=settled revision=1 anchor=I/1 now=exact as=partly in=2
                    - comment id=C90 by=minh office=hcth kind=praise level=note state=maintained revision=1 anchor=topic now=orphan as=declined
                    OK topic=2025-2 comments=3
                    """
                )
            ]),
        Scenario(
            name: "thread", line: "thread C88",
            replies: [
                (
                    "THREAD C88",
                    """
                    - comment id=C88 by=minh office=hcth kind=content level=must state=settled revision=1 anchor=II.1/2 now=moved as=partly in=2 quote="57 vụ việc"
                    - text kind=quote
                    | 57 vụ việc
                    - message n=1 by=minh office=hcth time=2025-06-16T09:12:01.101+07:00 kind=comment
                    | Không đồng ý số liệu: báo cáo năm ghi 75 vụ việc, đề nghị đối chiếu lại với báo cáo gửi Sở Tư pháp.
                    - message n=2 by=lan office=nv time=2025-06-17T10:00:00.000+07:00 kind=settle
                    | Đã sửa số liệu.
                    |
                    | Giữ nhận định vì khớp báo cáo của Sở.
                    OK id=C88 topic=2025-2 messages=2
                    """
                )
            ]),
        Scenario(
            name: "search", line: "search \"so lieu\"",
            replies: [
                (
                    "FIND \"so lieu\"",
                    """
                    - hit topic=2025-2 at=2025-2@1 seq=1040 text="… số liệu năm 2024 …"
                    - hit topic=2025-2 id=C88 seq=1043 text="Không đồng ý số liệu: báo cáo năm ghi 75 vụ việc."
                    OK hits=2
                    """
                )
            ]),
        Scenario(
            name: "log", line: "log 2025-2 --limit 3",
            replies: [
                (
                    "LOG 2025-2 limit=3",
                    """
                    - event seq=1041 time=2025-06-13T16:30:00.000+07:00 type=STAGE.ENTERED topic=2025-2 by=son stage=leadership from=drafting
                    - event seq=1043 time=2025-06-16T09:12:01.101+07:00 type=COMMENT.ADDED topic=2025-2 revision=1 id=C88 by=minh anchor=II.1/2 kind=content level=must
                    - event seq=1044 time=2025-06-16T09:13:00.000+07:00 type=SOMETHING.NEW topic=2025-2 by=minh other=1
                    OK events=3 next=1044 tail=1044
                    """
                )
            ]),
        Scenario(
            name: "people", line: "people",
            replies: [
                (
                    "PEOPLE",
                    """
                    - person id=minh name="Trần Văn Minh" office=hcth position=staff
                    - person id=bich name="Hoàng Thị Bích" office=leadership position=director
                    - person id=hai name="Lê Văn Hải" office=nv position=staff disabled=yes
                    OK people=3
                    """
                )
            ]),
        Scenario(
            name: "outline", line: "outline 2025-2@1",
            replies: [
                (
                    "OUTLINE 2025-2@1",
                    """
                    - section path=I level=1 line=1 title="Mở đầu" required=yes empty=no
                    - section path=II level=1 line=4 title="Nội dung" required=yes empty=yes
                    - gap title="Kết luận" state=missing
                    OK revision=2025-2@1 sections=2 gaps=1 :Thiếu hoặc trống 1 mục theo bố cục của Kế hoạch
                    """
                )
            ]),
        Scenario(
            name: "diff", line: "diff 2025-2",
            replies: [
                ("SHOW 2025-2", "\(topic)\nOK topic=2025-2"),
                (
                    "DIFF 2025-2 to=@3 from=@2",
                    "| @@ II.1/2 @@\n| -Năm 2024 thực hiện 57 vụ việc.\n| +Năm 2024 thực hiện 75 vụ việc.\nOK from=2025-2@2 to=2025-2@3 change=addressed lines=3 :Chỉ sửa theo ý kiến"
                ),
                (
                    "DIFF 2025-2 from=@2 to=@3",
                    "| @@ II.1/2 @@\n| -Năm 2024 thực hiện 57 vụ việc.\n| +Năm 2024 thực hiện 75 vụ việc.\nOK from=2025-2@2 to=2025-2@3 change=addressed lines=3 :Chỉ sửa theo ý kiến"
                ),
            ]),
        Scenario(
            name: "submit-refused", line: "submit 2025-2 --yes",
            replies: [
                (
                    "SUBMIT 2025-2 dry-run=yes",
                    """
                    - requirement id=settled state=unmet count=1 waiting=lan missing=C14 text="ý kiến C14 chưa có giải trình"
                    - requirement id=format state=unmet count=0 waiting=van text="bản 3 chưa được kiểm tra thể thức"
                    NO UNMET retry=fix :Chưa trình được. Thiếu 2 việc.
                    """
                )
            ]),
        Scenario(
            name: "submit-counted", line: "submit 2025-2 --yes",
            replies: [
                (
                    "SUBMIT 2025-2 dry-run=yes",
                    """
                    - requirement id=content state=unmet count=1 waiting=hoa text="Trưởng phòng chủ trì chưa chịu trách nhiệm nội dung bản này"
                    - requirement id=format state=unmet count=1 waiting=van text="chưa kiểm tra thể thức bản này"
                    NO UNMET retry=fix :Chưa trình được. Thiếu 2 việc: (1) Trưởng phòng chủ trì chưa chịu trách nhiệm nội dung bản này (khoản 1 Điều 12 NĐ 30/2020/NĐ-CP) — chờ: Nông Thị Hoa; (2) chưa kiểm tra thể thức bản này — chờ: Đàm Thị Vân.
                    """
                )
            ]),
        Scenario(
            name: "comment",
            line: "comment 2025-2@1 --at L2 --quote \"57 vụ việc\" --level must \"Số liệu chưa khớp.\"",
            replies: [
                (
                    "COMMENT 2025-2@1 at=L2 quote=\"57 vụ việc\" kind=content level=must key=key-1 | Số liệu chưa khớp.",
                    "= {26}\nSố liệu chưa khớp.\nOK id=C88 anchor=I/1 lines=1 seq=1043 :Đã ghi ý kiến C88"
                )
            ]),
        Scenario(
            name: "stale", line: "vouch 2025-2@1",
            replies: [("VOUCH 2025-2@1", "NO STALE retry=refresh newest=2025-2@3 :Đã có bản mới hơn: 2025-2@3")]),
        Scenario(
            name: "busy", line: "ping",
            replies: [("PING", "NO UNAVAILABLE retry=later after=86400000 :Bản này chưa có lệnh PING")]),
        Scenario(
            name: "forbidden", line: "endorse P5",
            replies: [("ENDORSE P5", "NO FORBIDDEN retry=never :Chỉ Trưởng phòng phản biện xác nhận phiếu")]),
        Scenario(
            name: "whoami", line: "whoami",
            replies: [
                (
                    "WHOAMI",
                    "OK person=minh office=hcth position=staff name=\"Trần Văn Minh\" :Trần Văn Minh, viên chức, Phòng Hành chính – Tổng hợp"
                )
            ]),
        Scenario(
            name: "hostile", line: "show 2025-2",
            replies: [
                (
                    "SHOW",
                    "- topic id=2025-2 stage=new-stage title=\"\u{1B}[31mđỏ\u{202E}ngược\u{200B}\"\n| \u{1B}]0;tiêu đề\u{7}\nOK :\u{9B}2J xong"
                )
            ]),
        Scenario(
            name: "json", line: "comments 2025-2 --json",
            replies: [
                (
                    "COMMENTS 2025-2",
                    "- comment id=C88 by=minh quote=\"57 \\\"vụ\\\" việc\"\n| một\n| hai\nOK comments=1 :Một \u{202E}ý kiến"
                )
            ]),
        Scenario(
            name: "watch", line: "watch 2025-2", replies: [],
            happenings: [
                .event(event),
                change(
                    1044, "COMMENT.SETTLED",
                    [Pair("id", "C88"), Pair("by", "lan"), Pair("as", "partly"), Pair("in", "2")]),
                change(1045, "STAGE.ENTERED", [Pair("by", "son"), Pair("stage", "plenary"), Pair("from", "revision")]),
                change(1046, "OPINION.GIVEN", [Pair("revision", "1"), Pair("by", "bich"), Pair("as", "object")]),
                change(1047, "ORIGINAL.ATTACHED", [Pair("revision", "2"), Pair("by", "lan"), Pair("bytes", "86016")]),
                change(1048, "FUTURE.KIND", [Pair("x", "\u{1B}[2J")]),
                .note(.reconnecting(reason: "máy chủ đóng kết nối", afterMilliseconds: 1200)),
                .note(.resumed(resent: 0)),
                .note(.gap(expected: 1048, found: 1050, sequence: 1051)),
                .note(.logChanged(from: "01J8", to: "01K2")),
            ]),
        Scenario(
            name: "watch-json", line: "watch --json", replies: [],
            happenings: [.event(event), .note(.resumed(resent: 2))]),
        Scenario(name: "help", line: "help", replies: []),
        Scenario(name: "help-comment", line: "help comment", replies: []),
        Scenario(name: "help-push", line: "help push", replies: []),
        Scenario(name: "help-attach", line: "help attach", replies: []),
        Scenario(name: "help-original", line: "help tep-goc", replies: []),
        Scenario(name: "help-settle", line: "settle --help", replies: []),
        Scenario(name: "help-submit", line: "help trinh", replies: []),
    ]
}
