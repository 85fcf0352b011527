extension State {
    /// Requirement 10 of domain §4.
    func personalDataStatus(_ topic: Topic, _ covered: Set<String>) -> RequirementStatus {
        if let gone = removedStatus(.personalData, topic) { return gone }
        let findings = (topic.latest?.personalData ?? []).filter { !covered.contains($0.id) }
        // Otherwise it could not have been approved with them.
        let isOverridden = topic.overrides.contains { $0.requirement == .personalData }
        if topic.stage.isApproved, !findings.isEmpty, !isOverridden {
            return RequirementStatus(
                .personalData, .notApplicable,
                wording: Wording(
                    "Đã phê duyệt; rà soát hiện nay nêu \(findings.count) chỗ mà khi phê duyệt chưa nêu: \(PersonalData.listed(findings).vietnamese).",
                    "Approved; the present check finds \(findings.count) places that were not found then: \(PersonalData.listed(findings).english)."
                ))
        }
        guard !findings.isEmpty else {
            return met(
                .personalData, "Rà soát tự động không thấy dữ liệu cá nhân trong văn bản.",
                "The automatic check finds no personal data in the text.")
        }
        let listed = PersonalData.listed(findings)
        return RequirementStatus(
            .personalData, count: findings.count, missing: findings.map(\.id),
            turns: [
                writing(
                    topic, for: .personalData, "che \(findings.count) chỗ có dữ liệu cá nhân trong văn bản",
                    "mask \(findings.count) places with personal data in the text")
            ],
            Wording(
                "\(findings.count) chỗ có dữ liệu cá nhân: \(listed.vietnamese); che đi (như “Nông Văn A”) rồi gửi bản mới (Luật Bảo vệ dữ liệu cá nhân)",
                "\(findings.count) places with personal data: \(listed.english); mask them (as “Nông Văn A”) and push again (Law on Personal Data Protection)"
            ))
    }
}
