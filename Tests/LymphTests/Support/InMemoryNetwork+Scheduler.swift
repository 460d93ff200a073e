import LymphTesting

@testable import Lymph

extension InMemoryNetwork {
    /// A network whose loops a test drives.
    convenience init(drivenBy scheduler: ManualScheduler) { self.init { scheduler.makeLoop() } }
}
