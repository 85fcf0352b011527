import Terminal
import Testing

@testable import ReviewTUI

@Suite struct StoryTests {
    @Test func probe() throws {
        let story = try Story()
        print(story.minh.open(2).screen)
        print(story.bich.screen)
    }
}
