internal import CZooKeeper
